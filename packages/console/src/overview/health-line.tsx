/** HealthLine: one sentence that says whether the ring is safe, and what can be done. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { activeKey, isPast } from '../api/ring-keys.ts'
import type { RingView, RotationView } from '../api/answers.ts'
import { Moment } from '../format/moment.tsx'
import { count, list } from '../format/numbers.ts'
import { useRing } from '../shell/use-ring.ts'
import { fleetCounts, healthOf } from './health.ts'

const looks = {
  good: { sign: '✔', className: 'border-good bg-good-soft text-good' },
  warn: { sign: '!', className: 'border-warn bg-warn-soft text-warn' },
  bad: { sign: '✖', className: 'border-bad bg-bad-soft text-bad' },
} as const

/** Instances that are named. */
const mostNames = 5

export interface HealthLineProps {
  readonly view: RingView
  /** The rotation that the hub works on. */
  readonly running: RotationView | undefined
  /** Whether it works on one, or that is not known yet. */
  readonly runs: boolean
}

export function HealthLine({ view, running, runs }: HealthLineProps): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const { document, halted } = view
  const health = healthOf(view, runs)
  const fleet = fleetCounts(view.fleet.instances)
  const { sign, className } = looks[health.tone]
  const numbers = { acknowledged: count(fleet.acknowledged), count: fleet.count }
  const mode = t(`app.modes.${document.operation?.mode ?? 'graceful'}`)
  const sentence = (): string => {
    switch (health.kind) {
      case 'halted':
        return t('overview.halted', { why: halted ?? '' })
      case 'operation':
        return t('overview.operation', { mode, ...numbers })
      case 'unfinished':
        return t('overview.unfinished', { mode })
      case 'none':
        return t('overview.healthyNone', { kid: activeKey(document)?.kid ?? '' })
      case 'behind': {
        const names = fleet.missing.slice(0, mostNames).map(({ instance, standing }) => {
          return `${instance} (${t(`app.standings.${standing}`)})`
        })
        const more = fleet.missing.length - names.length
        return t('overview.behind', {
          ...numbers,
          names: list(more > 0 ? [...names, `+${count(more)}`] : names),
        })
      }
      case 'healthy':
        return t('overview.healthy', { ...numbers, kid: activeKey(document)?.kid ?? '' })
    }
  }
  return (
    <section className="card flex flex-col gap-3" aria-label={t('overview.title')}>
      <p
        role="status"
        className={`rounded-lg border px-3 py-2 text-lg font-semibold wrap-anywhere ${className}`}
      >
        <span aria-hidden="true">{sign} </span>
        {sentence()}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        {running ? (
          <Link
            to="/rings/$application/$environment/rotations/$id"
            params={{ ...params, id: running.id }}
            className="button button-primary"
          >
            {t('overview.followIt')}
          </Link>
        ) : (
          <Link
            to="/rings/$application/$environment/rotate"
            params={params}
            className="button button-primary"
          >
            {t('overview.rotate')}
          </Link>
        )}
        <Undo view={view} />
        <p className="ms-auto text-sm text-quiet">
          {t('overview.generation', { generation: document.generation })}
        </p>
      </div>
    </section>
  )
}

/** Until when the newest rotation can be taken back, if it can. */
function Undo({ view: { document, now } }: { readonly view: RingView }): ReactNode {
  const { params } = useRing()
  const { t } = useTranslation()
  const undo = document.undo.at(-1)
  const target = document.keys.find(({ kid }) => kid === undo?.from)
  const until = target?.state === 'suspended' ? target.holdUntil : target?.verifyUntil
  if (!undo || !target || target.state === 'compromised' || document.operation || until === undefined)
    return null
  if (isPast(until, now / 1000)) return null
  return (
    <>
      <Link
        to="/rings/$application/$environment/rotate"
        params={params}
        search={{ mode: 'rollback' }}
        className="button"
      >
        {t('overview.rollback')}
      </Link>
      <p className="text-sm text-quiet">
        {t('overview.undoUntil')} <Moment at={until * 1000} />
      </p>
    </>
  )
}
