/** Overview: at one glance whether a ring is safe. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringQuery, rotationsQuery } from '../api/queries.ts'
import type { RingView } from '../api/answers.ts'
import { timeZone } from '../format/moments.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRing } from '../shell/use-ring.ts'
import { FleetTiles } from './fleet-tiles.tsx'
import { HealthLine } from './health-line.tsx'
import { LastEvents } from './last-events.tsx'
import { RingCharts } from './ring-charts.tsx'
import { ToDoList } from './to-do-list.tsx'

/** Minutes. The hub keeps 48 hours. */
export const ranges = [15, 60, 360, 1440, 2880] as const

export function Overview(): ReactNode {
  const { ring } = useRing()
  return (
    <Suspense fallback={<Loading />}>
      <RingOverview key={ring} ring={ring} />
    </Suspense>
  )
}

function RingOverview({ ring }: { readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const { data: view } = useSuspenseQuery(ringQuery(ring))
  const { data: rotations } = useQuery(rotationsQuery(ring))
  const search = useSearch({ strict: false })
  const range = search.range ?? usualRange(view)
  const navigate = useNavigate()
  const running = rotations?.rotations.find(({ state }) => state === 'running')
  // Until the hub has said so, nobody is told that an operation is left unfinished.
  const runs = rotations === undefined || running !== undefined
  return (
    <Screen title={ring}>
      <HealthLine view={view} running={running} runs={runs} />
      <section className="card flex flex-col gap-4" aria-label={t('overview.charts')}>
        <fieldset className="flex flex-wrap items-center justify-end gap-x-4 gap-y-1">
          <span className="me-auto text-sm text-quiet">{t('overview.timeZone', { zone: timeZone })}</span>
          <legend className="sr-only">{t('overview.range')}</legend>
          {ranges.map(minutes => (
            <label key={minutes} className="inline-flex min-h-8 items-center gap-1.5">
              <input
                type="radio"
                name="range"
                className="size-4 accent-accent"
                checked={range === minutes}
                onChange={() =>
                  void navigate({
                    to: '.',
                    search: { range: minutes },
                    replace: true,
                    resetScroll: false,
                  })
                }
              />
              {t(`overview.ranges.${minutes}`)}
            </label>
          ))}
        </fieldset>
        <RingCharts view={view} range={range} rotations={rotations?.rotations ?? []} />
      </section>
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        <FleetTiles view={view} />
        <LastEvents ring={ring} after={view.document.generation} />
        <ToDoList view={view} runs={runs} />
      </div>
    </Screen>
  )
}

/** A ring that was made just now has nothing to show of an hour. */
function usualRange({ document: { keys }, now }: RingView): number {
  const oldest = Math.min(...keys.map(({ createdAt }) => createdAt ?? 0))
  return now - oldest * 1000 < 15 * 60_000 ? 15 : 60
}
