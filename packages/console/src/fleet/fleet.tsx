/** Fleet: every instance of a ring, and how it stands. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { fleetQuery } from '../api/queries.ts'
import type { FleetView } from '../api/answers.ts'
import { count as number } from '../format/numbers.ts'
import { useNow } from '../format/use-now.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRing } from '../shell/use-ring.ts'
import { DoneMessage } from '../ui/done-message.tsx'
import { useShown } from '../ui/use-shown.ts'
import { filterFleet } from './fleet-filter.ts'
import { isCounting } from './is-counting.ts'
import { FleetFilters } from './fleet-filters.tsx'
import { FleetGrid } from './fleet-grid.tsx'
import { FleetTable } from './fleet-table.tsx'
import { InstanceDetails } from './instance-details.tsx'

const route = '/rings/$application/$environment/fleet'

export function Fleet(): ReactNode {
  const { t } = useTranslation()
  const { ring } = useRing()
  return (
    <Screen title={t('fleet.title', { ring })}>
      <Suspense fallback={<Loading />}>
        <FleetOf key={ring} ring={ring} />
      </Suspense>
    </Screen>
  )
}

function FleetOf({ ring }: { readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const { data: fleet } = useSuspenseQuery(fleetQuery(ring))
  const { view, show, q, instance } = useSearch({ from: route })
  const navigate = useNavigate({ from: route })
  const [message, setMessage] = useState('')
  const now = useNow(5_000)
  const matching = useMemo(() => filterFleet(fleet.instances, { show, text: q }), [fleet.instances, show, q])
  const { shown, left, showMore } = useShown(matching, `${show ?? ''} ${q ?? ''}`)
  const close = (): void =>
    void navigate({ search: ({ instance: _, ...rest }) => rest, replace: true, resetScroll: false })
  return (
    <>
      <Sentence fleet={fleet} ring={ring} />
      <DoneMessage text={instance === undefined ? message : ''} />
      {fleet.instances.length > 0 && (
        <>
          <FleetFilters instances={fleet.instances} />
          <p role="status" className="hint">
            {t('fleet.shown', { count: matching.length })}
          </p>
          {matching.length === 0 && <p>{t('fleet.noMatch')}</p>}
          {view === 'table' ? (
            <FleetTable instances={shown} now={now} />
          ) : (
            <FleetGrid instances={shown} now={now} />
          )}
          {left > 0 && (
            <button type="button" className="button self-center" onClick={showMore}>
              {t('fleet.more', { left: number(left) })}
            </button>
          )}
        </>
      )}
      {instance !== undefined && (
        <InstanceDetails
          key={instance}
          fleet={fleet}
          name={instance}
          onClose={close}
          onForgotten={() => {
            setMessage(t('fleet.forget.done', { instance }))
            close()
          }}
        />
      )}
    </>
  )
}

function Sentence({ fleet, ring }: { readonly fleet: FleetView; readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const { instances, generation } = fleet
  const counting = instances.filter(({ standing }) => isCounting(standing))
  const stopped = instances.length - counting.length
  const acknowledged = counting.filter(({ standing }) => standing === 'acknowledged').length
  if (instances.length === 0)
    return (
      <div className="card flex flex-col items-start gap-2">
        <p className="font-semibold">{t('fleet.none')}</p>
        <p>{t('fleet.noneHint')}</p>
        <Link to="/first-run" search={{ ring }} className="button">
          {t('fleet.connect')}
        </Link>
      </div>
    )
  return (
    <p className={`text-lg font-semibold ${fleet.acknowledged ? 'text-good' : 'text-warn'}`}>
      <span aria-hidden="true">{fleet.acknowledged ? '✔ ' : '… '}</span>
      {t('fleet.sentence', { count: counting.length, acknowledged: number(acknowledged), generation })}{' '}
      {stopped > 0 && t('fleet.stopped', { count: stopped })}
    </p>
  )
}
