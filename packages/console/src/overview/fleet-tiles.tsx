/** FleetTiles: one tile for each instance, with the generation that it holds. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { RingView } from '../api/answers.ts'
import { count } from '../format/numbers.ts'
import { useRing } from '../shell/use-ring.ts'
import { StandingSign, standingLook } from '../ui/standing.tsx'
import { fleetCounts } from './health.ts'

/** Tiles; the fleet's own screen shows all. */
const mostTiles = 60

export function FleetTiles({ view: { fleet, document } }: { readonly view: RingView }): ReactNode {
  const { t } = useTranslation()
  const { params, ring } = useRing()
  const { acknowledged, count: all, missing } = fleetCounts(fleet.instances)
  // Where not all have room, those that somebody has to look for come first.
  const tiles =
    fleet.instances.length > mostTiles ? [...new Set([...missing, ...fleet.instances])] : fleet.instances
  return (
    <section className="card flex flex-col gap-2" aria-labelledby="fleet">
      <h2 id="fleet">
        <Link to="/rings/$application/$environment/fleet" params={params} className="link">
          {t('overview.fleet')}
        </Link>
      </h2>
      {fleet.instances.length === 0 ? (
        <p>
          {t('overview.fleetNone')}{' '}
          <Link to="/first-run" search={{ ring }} className="link">
            {t('overview.todo.none')}
          </Link>
        </p>
      ) : (
        <p className="text-sm text-quiet">
          {t('overview.fleetSentence', {
            acknowledged: count(acknowledged),
            count: all,
            generation: document.generation,
          })}
        </p>
      )}
      <ul className="flex flex-wrap gap-2">
        {tiles.slice(0, mostTiles).map(({ instance, standing, generation }) => (
          <li key={instance} className="min-w-0 max-w-full">
            <Link
              to="/rings/$application/$environment/fleet"
              params={params}
              search={{ instance }}
              className={`inline-flex min-h-8 max-w-full flex-wrap items-center gap-x-1.5 rounded border border-line px-2 py-0.5 text-sm ${standingLook(standing).soft}`}
            >
              <StandingSign standing={standing} />
              <span className="min-w-0 font-medium wrap-anywhere">{instance}</span>
              <span>{generation}</span>
              <span className={standing === 'acknowledged' ? 'sr-only' : standingLook(standing).tone}>
                {t(`app.standings.${standing}`)}
              </span>
            </Link>
          </li>
        ))}
        {fleet.instances.length > mostTiles && <li>+{count(fleet.instances.length - mostTiles)}</li>}
      </ul>
    </section>
  )
}
