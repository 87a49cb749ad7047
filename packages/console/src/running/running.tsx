/** Running: a rotation as it goes, and as it went. Its address can be shared. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringQuery, rotationQuery, rotationsQuery } from '../api/queries.ts'
import type { RingView, RotationView } from '../api/answers.ts'
import { exactSeconds } from '../format/moments.ts'
import { Moment } from '../format/moment.tsx'
import { count } from '../format/numbers.ts'
import type { words } from '../i18n/en/index.ts'
import { RingCharts } from '../overview/ring-charts.tsx'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRing } from '../shell/use-ring.ts'
import { progressOf } from './course.ts'
import { GroupLinks } from './group-links.tsx'
import { InstanceList } from './instance-list.tsx'
import { NextSteps } from './next-steps.tsx'
import { Outcome } from './outcome.tsx'
import { PhaseList } from './phase-list.tsx'

export function Running(): ReactNode {
  const { ring } = useRing()
  const { id = '' } = useParams({ strict: false })
  return (
    <Suspense fallback={<Loading />}>
      <RotationCourse key={`${ring} ${id}`} ring={ring} id={id} />
    </Suspense>
  )
}

function RotationCourse({ ring, id }: { readonly ring: string; readonly id: string }): ReactNode {
  const { t } = useTranslation()
  const { data: rotation } = useSuspenseQuery(rotationQuery(ring, id))
  const { data: view } = useSuspenseQuery(ringQuery(ring))
  const { data: rotations } = useQuery(rotationsQuery(ring))
  const { kind, mode, state } = rotation
  const { acknowledged, count: all } = progressOf(rotation)
  const title = t(`running.title.${kind}`, { ring, mode: t(`app.modes.${mode}`) })
  return (
    <Screen
      title={title}
      {...(state === 'running' && all > 0 && { tab: t('running.tab', { acknowledged, count: all }) })}
    >
      <section className="card flex flex-col gap-4" aria-label={t('running.phases')}>
        <Summary rotation={rotation} />
        <PhaseList rotation={rotation} />
        {all > 0 && (
          <p role="status" className="text-lg font-semibold">
            {t('running.acknowledged', { acknowledged: count(acknowledged), count: all })}
          </p>
        )}
        <Outcome rotation={rotation} document={view.document} />
        <NextSteps rotation={rotation} view={view} />
      </section>
      <GroupLinks rotation={rotation} />
      <InstanceList rotation={rotation} instances={view.fleet.instances} />
      <Charts view={view} rotations={rotations?.rotations ?? []} />
    </Screen>
  )
}

function Summary({ rotation }: { readonly rotation: RotationView }): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const { state, actor, reason, cause, startedAt, endedAt, kid, generation, kind, id } = rotation
  const tone = { running: 'text-accent', done: 'text-good', failed: 'text-bad' }[state]
  const sign = { running: '●', done: '✔', failed: '✖' }[state]
  return (
    <div className="flex flex-col gap-1">
      <p>
        <strong className={tone}>
          <span aria-hidden="true">{sign} </span>
          {t(`running.state.${state}`)}
        </strong>
        {' · '}
        {t('running.startedBy', { actor })}, <Moment at={startedAt} form="seconds" />
        {endedAt !== null && (
          <>
            {' '}
            · {t('running.endedAfter', { time: exactSeconds(Date.parse(endedAt) - Date.parse(startedAt)) })}
          </>
        )}
      </p>
      <p className="wrap-anywhere">
        {t('app.reason')}: {reason}
        {cause !== null && ` (${t(`app.causes.${cause as keyof typeof words.app.causes}`)})`}
      </p>
      {kid !== null && (
        <p>
          {t('running.newKey')}:{' '}
          <Link
            to="/rings/$application/$environment/keys/$kid"
            params={{ ...params, kid }}
            className="kid link"
          >
            {kid}
          </Link>
          {generation !== null && ` · ${t('running.generation')} ${generation}`}
        </p>
      )}
      {kind === 'emergency' && (
        <p>
          <a
            className="link"
            href={`/emergency/${encodeURIComponent(params.application)}/${encodeURIComponent(params.environment)}/${encodeURIComponent(id)}`}
          >
            {t('running.toCourse')}
          </a>
        </p>
      )}
      {state === 'running' && <p className="hint">{t('running.leaveOpen')}</p>}
    </div>
  )
}

/** Minutes: a rotation is looked at when it is young. */
const range = 60

function Charts(props: { readonly view: RingView; readonly rotations: readonly RotationView[] }): ReactNode {
  const { t } = useTranslation()
  return (
    <section className="card" aria-label={t('overview.charts')}>
      <RingCharts {...props} range={range} />
    </section>
  )
}
