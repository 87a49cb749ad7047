/** LastEvents: what happened to the ring lately, from its audit trail. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { actionName } from '../audit/action-name.ts'
import { recentAuditQuery } from '../api/queries.ts'
import { Moment } from '../format/moment.tsx'
import { useRing } from '../shell/use-ring.ts'

const shown = 6

export interface LastEventsProps {
  readonly ring: string
  /** The newest generation. */
  readonly after: number
}

export function LastEvents({ ring, after }: LastEventsProps): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const { data } = useQuery(recentAuditQuery(ring, after))
  const entries = (data?.entries ?? []).slice(-shown).reverse()
  return (
    <section className="card flex flex-col gap-2" aria-labelledby="events">
      <h2 id="events">{t('overview.events')}</h2>
      {data && entries.length === 0 && <p className="text-quiet">{t('overview.noEvents')}</p>}
      <ol className="flex flex-col gap-2">
        {entries.map(({ epoch, generation, at, action, actor, reason }) => (
          <li key={`${epoch}-${generation}`} className="text-sm">
            <span className="text-quiet">
              <Moment at={at} /> · {generation}
            </span>{' '}
            <strong>{actionName(t, action)}</strong> <span className="wrap-anywhere">{reason}</span>{' '}
            <span className="text-quiet wrap-anywhere">({actor})</span>
          </li>
        ))}
      </ol>
      <Link to="/rings/$application/$environment/audit" params={params} className="link self-start">
        {t('overview.allEvents')}
      </Link>
    </section>
  )
}
