/** courseOf, phasesOf: how a rotation went, instance by instance and phase by phase. Pure. */
import type { InstanceView, RotationView } from '../api/answers.ts'
import { isCounting } from '../fleet/is-counting.ts'

export interface InstanceCourse {
  readonly instance: string
  readonly acknowledged: boolean
  /** When it acknowledged, milliseconds after the start; null if it has not, or in a crowd of which the hub names no more. */
  readonly after: number | null
  /** Why it has not. */
  readonly why: string | null
}

/** Whether the event says who is still missing. */
const isCount = ({ type }: RotationView['events'][number]): boolean =>
  type === 'gate' || type === 'confirming'

/** Every instance that the rotation waits for: those that are missing first, then in the order of their names. */
export function courseOf(
  { events, startedAt, endedAt, state }: Pick<RotationView, 'events' | 'startedAt' | 'endedAt' | 'state'>,
  instances: readonly InstanceView[],
): readonly InstanceCourse[] {
  const newest = events.findLast(isCount)
  // What was acknowledged before is another generation.
  const counts = events.filter(({ type }) => type === newest?.type)
  const missing = newest?.missing ?? []
  const began = Date.parse(startedAt)
  const over = endedAt === null ? Infinity : Date.parse(endedAt)
  const confirmedAt = new Map(
    counts.flatMap(({ at, confirmed = [] }) =>
      confirmed.map(instance => [instance, Date.parse(at)] as const),
    ),
  )
  const present = new Map(
    instances
      .filter(({ standing }) => isCounting(standing))
      // One that started later was not waited for.
      .filter(each => over === Infinity || Date.parse(each.startedAt) <= over)
      .map(({ instance, standing }) => [instance, standing] as const),
  )
  const names = [...new Set([...confirmedAt.keys(), ...present.keys()])].sort()
  // How an instance stands now says nothing of a rotation that is done.
  const isKnown = (instance: string): boolean =>
    newest !== undefined && (state === 'done' || present.get(instance) === 'acknowledged')
  return [...new Set([...missing.map(each => each.instance), ...names])].map(instance => {
    const why = missing.find(each => each.instance === instance)?.why ?? null
    const at = confirmedAt.get(instance)
    const acknowledged = why === null && (at !== undefined || isKnown(instance))
    return { instance, acknowledged, after: acknowledged && at !== undefined ? at - began : null, why }
  })
}

/** The newest count. */
export function progressOf({ events }: Pick<RotationView, 'events'>): {
  acknowledged: number
  count: number
} {
  const last = events.findLast(isCount)
  return { acknowledged: last?.acknowledged ?? 0, count: last?.counting ?? 0 }
}

export type PhaseName = 'stage' | 'gate' | 'activate' | 'confirm'

export interface Phase {
  readonly name: PhaseName
  readonly state: 'done' | 'current' | 'open' | 'failed'
  /** Milliseconds after the start. */
  readonly after: number | null
}

const order: readonly PhaseName[] = ['stage', 'gate', 'activate', 'confirm']

/** An emergency has neither stage nor gate. */
export function phasesOf(view: RotationView): readonly Phase[] {
  const { kind, state, events, startedAt, endedAt } = view
  const began = Date.parse(startedAt)
  const timeOf = (type: string): number | null => {
    const at = events.find(event => event.type === type)?.at
    return at === undefined ? null : Date.parse(at) - began
  }
  const activated = timeOf('activated')
  const ends: Readonly<Record<PhaseName, number | null>> = {
    stage: timeOf('staged') ?? activated,
    gate: activated,
    activate: activated,
    confirm: state === 'done' && endedAt !== null ? Date.parse(endedAt) - began : null,
  }
  const names = kind === 'emergency' ? order.slice(2) : order
  const current = state === 'done' ? undefined : names.find(name => ends[name] === null)
  return names.map(name => ({
    name,
    after: ends[name],
    state:
      name === current
        ? state === 'failed'
          ? 'failed'
          : 'current'
        : ends[name] === null && state !== 'done'
          ? 'open'
          : 'done',
  }))
}
