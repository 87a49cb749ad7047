/** KeyHistory: state by state, who, why and when. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { actionName } from '../audit/action-name.ts'
import { stateName } from '../audit/state-name.ts'
import { Moment } from '../format/moment.tsx'
import { useRing } from '../shell/use-ring.ts'
import type { LifeStep } from './key-life.ts'

export function KeyHistory({ life }: { readonly life: readonly LifeStep[] }): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  return (
    <section className="card flex flex-col gap-3" aria-labelledby="history">
      <h2 id="history">{t('key.history')}</h2>
      {life.length === 0 && <p>{t('key.historyNone')}</p>}
      <ol className="flex flex-col border-s-2 border-edge ps-4">
        {life.map(({ entry, to }) => (
          <li key={`${entry.epoch}.${entry.generation}`} className="relative pb-4 last:pb-0">
            <span
              aria-hidden="true"
              className="absolute -start-[1.4375rem] top-1.5 size-3 rounded-full border-2 border-edge bg-card"
            />
            <p>
              <strong>{stateName(t, to)}</strong>{' '}
              <span className="hint">
                <Moment at={entry.at} form="dated" />
              </span>
            </p>
            <p className="wrap-anywhere">
              {actionName(t, entry.action)}: {entry.reason}
            </p>
            <p className="hint wrap-anywhere">
              {entry.actor} ·{' '}
              <Link
                to="/rings/$application/$environment/audit"
                params={params}
                search={{ entry: String(entry.generation) }}
                className="link inline-block min-h-6"
              >
                {t('key.entry', { generation: entry.generation })}
              </Link>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
