/** healthOf, toDoOf: whether a ring is safe, and what needs somebody. Pure. */
import type { RingDocument } from 'keyturn/ring'
import { activeKey } from '../api/ring-keys.ts'
import type { InstanceView, RingView } from '../api/answers.ts'
import { isCounting } from '../fleet/is-counting.ts'

export type Health =
  | { readonly kind: 'healthy' | 'none' | 'behind'; readonly tone: 'good' | 'warn' }
  | { readonly kind: 'operation' | 'unfinished'; readonly tone: 'warn' }
  | { readonly kind: 'halted'; readonly tone: 'bad' }

export interface Fleet {
  readonly acknowledged: number
  readonly count: number
  readonly missing: readonly InstanceView[]
}

export function fleetCounts(instances: readonly InstanceView[]): Fleet {
  const all = instances.filter(({ standing }) => isCounting(standing))
  const missing = all.filter(({ standing }) => standing !== 'acknowledged')
  return { acknowledged: all.length - missing.length, count: all.length, missing }
}

/** @param runs whether the hub works on an operation of the ring */
export function healthOf(view: RingView, runs: boolean): Health {
  const { count, missing } = fleetCounts(view.fleet.instances)
  if (view.halted !== null) return { kind: 'halted', tone: 'bad' }
  if (view.document.operation) return { kind: runs ? 'operation' : 'unfinished', tone: 'warn' }
  if (count === 0) return { kind: 'none', tone: 'warn' }
  return missing.length === 0 ? { kind: 'healthy', tone: 'good' } : { kind: 'behind', tone: 'warn' }
}

/** Seconds. The guide's longest schedule: production every six months. */
const oldKey = 183 * 86_400

export interface ToDo {
  readonly kind: 'halted' | 'staged' | 'lost' | 'refused' | 'clock' | 'behind' | 'legacy' | 'old' | 'none'
  readonly names?: readonly string[]
  readonly kid?: string
  /** Seconds. */
  readonly age?: number
}

/** The most urgent first. */
export function toDoOf(view: RingView, runs: boolean): readonly ToDo[] {
  const { document, fleet, halted, now } = view
  const todo: ToDo[] = []
  if (halted !== null) todo.push({ kind: 'halted' })
  if (document.operation && !runs) todo.push({ kind: 'staged' })
  for (const kind of ['lost', 'refused', 'clock', 'behind'] as const) {
    const names = fleet.instances.filter(({ standing }) => standing === kind).map(({ instance }) => instance)
    // While a rotation runs, being behind is how it goes.
    if (names.length > 0 && !(kind === 'behind' && runs)) todo.push({ kind, names })
  }
  if (fleet.instances.filter(({ standing }) => isCounting(standing)).length === 0) todo.push({ kind: 'none' })
  todo.push(...ofKeys(document, now / 1000))
  return todo
}

function ofKeys(document: RingDocument, now: number): readonly ToDo[] {
  const legacy = document.keys.find(key => key.legacy && key.state !== 'compromised')
  const active = activeKey(document)
  const age = now - (active?.activatedAt ?? active?.createdAt ?? now)
  return [
    ...(legacy ? [{ kind: 'legacy' as const, kid: legacy.kid }] : []),
    ...(active && age > oldKey ? [{ kind: 'old' as const, kid: active.kid, age }] : []),
  ]
}
