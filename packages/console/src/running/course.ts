/** courseOf, phasesOf: how a rotation went, instance by instance and phase by phase. Pure. */
import type { InstanceView, RotationView } from '../api/types.ts'

export interface InstanceCourse {
  readonly instance: string
  /** Milliseconds after the start; null while it has not acknowledged. */
  readonly after: number | null
  /** Why it has not. */
  readonly why: string | null
}

/** Whether the event says who is still missing. */
const isCount = ({ type }: RotationView['events'][number]): boolean => type === 'gate' || type === 'confirming'

/**
 * Every instance that the rotation waits for: those that are missing first. An instance has acknowledged with the first
 * event of the newest phase that no longer names it.
 */
export function courseOf(
  { events, startedAt }: Pick<RotationView, 'events' | 'startedAt'>,
  instances: readonly InstanceView[],
): readonly InstanceCourse[] {
  const type = events.findLast(isCount)?.type
  const counts = events.filter(event => event.type === type && isCount(event))
  const missing = counts.at(-1)?.missing ?? []
  const began = Date.parse(startedAt)
  const present = instances
    .filter(({ standing }) => standing !== 'fenced' && standing !== 'dead')
    .map(({ instance }) => instance)
  const named = counts.flatMap(event => (event.missing ?? []).map(({ instance }) => instance))
  return [...new Set([...missing.map(each => each.instance), ...named, ...present])].map(instance => {
    const why = missing.find(each => each.instance === instance)?.why ?? null
    if (why !== null || counts.length === 0) return { instance, after: null, why }
    const last = counts.findLastIndex(event => event.missing?.some(each => each.instance === instance))
    const at = counts[last + 1]?.at
    return { instance, after: at === undefined ? null : Date.parse(at) - began, why: null }
  })
}

/** The newest count. */
export function progressOf({ events }: Pick<RotationView, 'events'>): { acknowledged: number; count: number } {
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
      name === current ? (state === 'failed' ? 'failed' : 'current') : ends[name] === null && state !== 'done' ? 'open' : 'done',
  }))
}
