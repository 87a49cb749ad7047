/** courseOf: how far an emergency has come, instance by instance. */
import type { FleetView } from '../http/api-types.ts'
import type { RotationView } from '../rotations/rotation-view.ts'

export interface CourseInstance {
  readonly instance: string
  /** Seconds after the beginning; null for one that has not confirmed. */
  readonly confirmedAfter: number | null
  /** ISO 8601: when one that has not confirmed has stopped, at the latest. */
  readonly stopsBy: string | null
  /** How it stands now; null for one that is not shown any more. */
  readonly standing: FleetView['instances'][number]['standing'] | null
}

export interface Course {
  /** `everywhere`: whoever was there has confirmed. */
  readonly state: 'running' | 'everywhere' | 'nobody' | 'partly' | 'failed'
  /** Since the beginning; once it has ended, until the last confirmation. */
  readonly seconds: number
  readonly confirmed: number
  readonly counting: number
  readonly instances: readonly CourseInstance[]
  /** Confirmed without being named. */
  readonly more: number
}

/** @param now epoch milliseconds @param maxStale seconds after which an instance stops by itself */
export function courseOf(view: RotationView, fleet: FleetView, now: number, maxStale: number): Course {
  const looks = view.events.filter(({ type }) => type === 'confirming')
  const last = looks.at(-1)
  const changed = view.events.find(({ type }) => type === 'activated')?.at ?? view.startedAt
  const standings = new Map(fleet.instances.map(each => [each.instance, each.standing]))
  const confirmed = new Map(
    looks.flatMap(({ at, confirmed = [] }) => confirmed.map(name => [name, secondsTo(view, at)] as const)),
  )
  const fallback = new Date(Date.parse(changed) + maxStale * 1000).toISOString()
  const stopsBy = new Map(
    view.outcome?.unconfirmed?.map(each => [each.instance, each.stopsBy]) ??
      last?.missing?.map(each => [each.instance, fallback]),
  )
  const instances = [...new Set([...confirmed.keys(), ...stopsBy.keys()])].map(instance => ({
    instance,
    confirmedAfter: stopsBy.has(instance) ? null : (confirmed.get(instance) ?? null),
    stopsBy: stopsBy.get(instance) ?? null,
    standing: standings.get(instance) ?? null,
  }))
  // An event names 50 at most, and counts them all.
  const missing = view.outcome?.unconfirmed?.length ?? (last?.counting ?? 0) - (last?.acknowledged ?? 0)
  const named = instances.filter(each => each.confirmedAfter !== null).length
  const all = view.outcome?.acknowledged ?? last?.acknowledged ?? 0
  return {
    state: stateOf(view, all, missing),
    seconds: view.state === 'running' ? Math.max(0, now - Date.parse(view.startedAt)) / 1000 : endOf(view),
    confirmed: all,
    counting: all + missing,
    instances: instances.sort((a, b) => (a.confirmedAfter ?? Infinity) - (b.confirmedAfter ?? Infinity)),
    more: Math.max(0, all - named),
  }
}

function stateOf(view: RotationView, confirmed: number, missing: number): Course['state'] {
  if (view.state !== 'done') return view.state
  if (missing > 0) return 'partly'
  return confirmed > 0 ? 'everywhere' : 'nobody'
}

/** When the last confirmation came, or the change itself where nobody had to confirm. */
function endOf(view: RotationView): number {
  const step = view.events.findLast(({ confirmed }) => (confirmed ?? []).length > 0)
  const change = view.events.find(({ type }) => type === 'activated')
  return secondsTo(view, step?.at ?? change?.at ?? view.endedAt ?? view.startedAt)
}

/** The clocks of a replica and of its database may differ a little. */
const secondsTo = ({ startedAt }: RotationView, at: string): number =>
  Math.max(0, Date.parse(at) - Date.parse(startedAt)) / 1000
