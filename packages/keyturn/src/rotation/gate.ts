/** waitForGate, confirm: the two waits of a rotation. */
import { RingError, type KeyturnError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ring } from '../ports/ring-store.ts'
import { readRing } from './change.ts'
import type { RotationContext } from './context.ts'
import { fleetOf, whyMissing, type Fleet } from './fleet.ts'

/** Milliseconds between two looks, or four times what a look took: a board of thousands of leases is not read all the time. */
const leastPause = 50
const mostPause = 1_000

const pauseAfter = (clock: Clock, from: number): number =>
  Math.min(Math.max(leastPause, 4 * (clock.monotonic() - from)), mostPause)

export interface WaitOptions {
  /** When to give up, by the clock's monotonic time in milliseconds. */
  readonly deadline: number
  /** No instance is expected. */
  readonly noFleet?: boolean
  /** Its reason is thrown where nobody needs to wait any more. */
  readonly signal?: AbortSignal
}

/**
 * Waits until every instance has acknowledged the staged key, and returns the ring that they acknowledged.
 * A refusal keeps it shut as long as it lasts.
 * @throws {RingError} ERR_GATE_TIMEOUT, ERR_RING_EDITED, ERR_RING_CONFLICT when the operation was superseded
 */
export async function waitForGate(
  context: RotationContext,
  operation: string,
  options: WaitOptions,
): Promise<Ring> {
  const { store, leases, clock } = context
  for (;;) {
    const from = clock.monotonic()
    const ring = await readRing(store)
    if (ring.document.operation?.id !== operation)
      throw new RingError(
        'ERR_RING_CONFLICT',
        `the operation ${operation} was superseded at generation ${ring.document.generation}`,
      )
    if (ring.edited)
      throw new RingError('ERR_RING_EDITED', `${store.name} was edited by hand while the gate was shut`)
    const now = await store.now()
    const fleet = await fleetOf(ring, leases, now)
    context.report?.({ type: 'gate', fleet })
    const isEmpty = fleet.instances.every(({ standing }) => standing === 'dead' || standing === 'fenced')
    if (fleet.acknowledged || (isEmpty && options.noFleet)) return ring
    if (clock.monotonic() >= options.deadline) throw shut('ERR_GATE_TIMEOUT', fleet, now)
    options.signal?.throwIfAborted()
    await clock.sleep(pauseAfter(clock, from))
  }
}

/**
 * Waits until every live instance has acknowledged this generation or a later one. A lost instance is not waited
 * for: it stops by itself.
 * @throws {RingError} ERR_CONFIRM_TIMEOUT, naming who lags
 */
export async function confirm(
  context: RotationContext,
  document: Ring['document'],
  options: WaitOptions,
): Promise<Fleet> {
  const { store, leases, clock } = context
  for (;;) {
    const from = clock.monotonic()
    const ring = await readRing(store)
    const now = await store.now()
    const fleet = await fleetOf(ring, leases, now)
    const lagging = fleet.missing.filter(
      ({ lease, standing }) => standing !== 'lost' && !isPastGeneration(lease, document),
    )
    context.report?.({ type: 'confirming', fleet })
    if (lagging.length === 0) return fleet
    if (clock.monotonic() >= options.deadline)
      throw shut('ERR_CONFIRM_TIMEOUT', { ...fleet, missing: lagging }, now)
    await clock.sleep(pauseAfter(clock, from))
  }
}

/** A later generation replaced it before this instance acknowledged: then that one counts. */
const isPastGeneration = (
  lease: { epoch: number; generation: number },
  document: Ring['document'],
): boolean => lease.epoch === document.epoch && lease.generation > document.generation

function shut(code: 'ERR_GATE_TIMEOUT' | 'ERR_CONFIRM_TIMEOUT', fleet: Fleet, now: number): KeyturnError {
  const who = fleet.missing.map(each => whyMissing(each, now)).join('; ') || 'no instance holds this ring'
  return new RingError(
    code,
    code === 'ERR_GATE_TIMEOUT' ? `nothing was activated: ${who}` : `the change is made, but ${who}`,
  )
}
