/** Audit: everything that ever changed a ring, and the proof that nobody changed the record of it. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { trailQuery } from '../api/queries.ts'
import { count as number } from '../format/numbers.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRing } from '../shell/use-ring.ts'
import { useShown } from '../ui/use-shown.ts'
import { AuditEntryRow } from './audit-entry-row.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { filterTrail } from './audit-filter.ts'
import { ChainBadge } from './chain-badge.tsx'
import { ExportButtons } from './export-buttons.tsx'

export function Audit(): ReactNode {
  const { t } = useTranslation()
  const { ring } = useRing()
  return (
    <Screen title={t('audit.title', { ring })}>
      <Suspense fallback={<Loading />}>
        <Trail key={ring} ring={ring} />
      </Suspense>
    </Screen>
  )
}

function Trail({ ring }: { readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const { data: trail } = useSuspenseQuery(trailQuery(ring))
  const { entry: opened, ...filter } = useSearch({ from: '/rings/$application/$environment/audit' })
  const matching = filterTrail(trail.entries, filter)
  const { shown, left, showMore } = useShown(matching, JSON.stringify(filter))
  const total = trail.entries.length
  if (total === 0) return <p className="card">{t('audit.empty')}</p>
  return (
    <>
      <ChainBadge ring={ring} trail={trail} />
      <AuditFilters entries={trail.entries} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="hint">
          {matching.length === total
            ? t('audit.shown', { count: total })
            : t('audit.shownOf', { shown: number(matching.length), total: number(total) })}
        </p>
        <ExportButtons ring={ring} entries={matching} />
      </div>
      {matching.length === 0 ? (
        <p className="card">{t('audit.noMatch')}</p>
      ) : (
        <ol aria-label={t('audit.listLabel')} className="card flex flex-col py-0">
          {shown.map(entry => (
            <AuditEntryRow
              key={`${entry.epoch}.${entry.generation}`}
              entry={entry}
              isOpened={String(entry.generation) === opened}
            />
          ))}
        </ol>
      )}
      {left > 0 && (
        <button type="button" className="button self-center" onClick={showMore}>
          {t('audit.more', { left: number(left) })}
        </button>
      )}
    </>
  )
}
