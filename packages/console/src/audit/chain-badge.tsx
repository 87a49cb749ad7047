/** ChainBadge: whether the trail is whole, who says so, and "verify now", which this browser does by itself. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringQuery, trailQuery } from '../api/queries.ts'
import type { AuditTrail } from '../api/answers.ts'
import { Moment } from '../format/moment.tsx'
import { hubNow } from '../format/use-now.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { isNote, lastGood, verifyTrail, type Verified } from './verify-trail.ts'

export interface ChainBadgeProps {
  readonly ring: string
  readonly trail: AuditTrail
}

export function ChainBadge({ ring, trail }: ChainBadgeProps): ReactNode {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { dataUpdatedAt } = useQuery(trailQuery(ring))
  const verify = useMutation({
    mutationFn: async () => {
      // The ring first: the trail is read later, so it has an entry for whatever generation the ring was at.
      const { document } = await client.query({ ...ringQuery(ring), staleTime: 0 })
      const { queryKey } = trailQuery(ring)
      await client.refetchQueries({ queryKey, exact: true }, { throwOnError: true })
      const entries = client.getQueryData(queryKey)?.entries
      if (!isSecureContext || !entries) return undefined
      return { ...(await verifyTrail(entries, document.audit)), at: hubNow() }
    },
  })
  const own = verify.data
  const broken = trail.notes.filter(({ severity }) => severity === 'broken')
  const isBroken = broken.length > 0 || own?.findings.some(each => !isNote(each)) === true
  const last = trail.entries.at(-1)?.generation ?? 0
  return (
    <section
      aria-labelledby="chain"
      className={`card flex flex-col gap-2 ${isBroken ? 'border-bad bg-bad-soft' : 'border-good bg-good-soft'}`}
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h2 id="chain">{t('audit.chain.title')}</h2>
          <div role="status">
            {isBroken ? (
              <Broken own={own} firstLine={broken[0]?.line} trail={trail} />
            ) : (
              <p className="font-semibold text-good">
                <span aria-hidden="true">✔ </span>
                {own
                  ? t('audit.chain.byBrowser', { count: own.entries, generation: own.good?.generation ?? 0 })
                  : t('audit.chain.byHub', { generation: last })}{' '}
                <Moment at={own?.at ?? dataUpdatedAt} form="seconds" />
              </p>
            )}
            {verify.isSuccess && !own && <p>{t('audit.chain.noCrypto')}</p>}
          </div>
        </div>
        <button
          type="button"
          className="button"
          aria-disabled={verify.isPending}
          onClick={() => !verify.isPending && verify.mutate()}
        >
          {verify.isPending ? t('audit.chain.verifying') : t('audit.chain.verify')}
        </button>
      </div>
      {own && own.findings.length > 0 && (
        <ul className="list-disc ps-5">
          {own.findings.map(({ kind, generation }) => (
            <li key={`${kind}${generation}`}>{t(`audit.chain.findings.${kind}`, { generation })}</li>
          ))}
        </ul>
      )}
      <ProblemNote error={verify.error} />
      <HubNotes notes={own ? broken : trail.notes} />
    </section>
  )
}

interface BrokenProps {
  readonly own: Verified | undefined
  /** Of what the hub found. */
  readonly firstLine: number | undefined
  readonly trail: AuditTrail
}

function Broken({ own, firstLine, trail }: BrokenProps): ReactNode {
  const { t } = useTranslation()
  const good = own ? own.good : lastGood(trail.entries, (firstLine ?? 1) - 1)
  return (
    <p className="font-semibold text-bad">
      <span aria-hidden="true">✖ </span>
      {t('audit.chain.broken')}{' '}
      {good ? t('audit.chain.brokenAfter', { generation: good.generation }) : t('audit.chain.brokenAll')}
    </p>
  )
}

function HubNotes({ notes }: { readonly notes: AuditTrail['notes'] }): ReactNode {
  const { t } = useTranslation()
  if (notes.length === 0) return null
  return (
    <div>
      <h3>{t('audit.chain.hubSays')}</h3>
      <ul className="list-disc ps-5">
        {notes.map(({ line, message }) => (
          <li key={`${line}${message}`}>
            {t('audit.chain.line', { line })}: <span lang="en">{message}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
