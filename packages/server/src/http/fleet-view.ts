/** fleetViewOf: a fleet as the API shows it. Without proofs: who collects many could try keys against them. */
import { StoreError } from 'keyturn'
import type { RingDocument } from 'keyturn/ring'
import { clockOffset, fleetOf, whyMissing, type Fleet, type FleetInstance } from 'keyturn/rotation'
import type { z } from 'zod'
import type { Hub } from '../hub.ts'
import type { HeldRing } from '../rings/ring-rows.ts'
import { missingOf } from '../rotations/rotation-view.ts'
import { HaltedError } from './problem.ts'
import type { fleetView, instanceView } from './schemas.ts'

/** The ring, confirmed by the database. @throws {StoreError} ERR_STORE_MISSING */
export async function heldRing(hub: Hub, ring: string): Promise<HeldRing> {
  const held = await hub.feed.confirmed(ring)
  if (!held) throw new StoreError('ERR_STORE_MISSING', `the hub holds no ring ${ring}`)
  return held
}

/** As `heldRing`, for instances: none may start with a ring that was set back. @throws {HaltedError} ERR_RING_REGRESSED */
export async function soundRing(hub: Hub, ring: string): Promise<HeldRing> {
  const held = await heldRing(hub, ring)
  if (held.halted !== null) throw new HaltedError(held.halted)
  return held
}

/** How every instance stands to the ring now, by the database's clock. */
export async function fleetAt(hub: Hub, { ring }: HeldRing): Promise<{ fleet: Fleet; now: number }> {
  const now = await hub.database.time()
  const { leases } = hub.ring(ring.document.ring)
  return { fleet: await fleetOf(ring, leases, now), now }
}

/** @param now epoch milliseconds */
export function fleetViewOf(document: RingDocument, fleet: Fleet, now: number): z.infer<typeof fleetView> {
  return {
    ring: document.ring,
    generation: document.generation,
    now,
    acknowledged: fleet.acknowledged,
    instances: fleet.instances.map(each => instanceViewOf(each, now)),
    missing: fleet.missing.map(each => missingOf(each, now)),
  }
}

/** @param now epoch milliseconds */
export function instanceViewOf(each: FleetInstance, now: number): z.infer<typeof instanceView> {
  const { lease, standing } = each
  const { instance, epoch, generation, kids, process, counters, nack } = lease
  return {
    instance,
    standing,
    why: standing === 'acknowledged' ? null : whyMissing(each, now),
    epoch,
    generation,
    kids: [...kids],
    seenAt: new Date(lease.seenAt).toISOString(),
    startedAt: new Date(lease.startedAt).toISOString(),
    clockOffsetSeconds: Math.round(clockOffset(lease)) / 1000,
    process,
    refused: nack ?? null,
    counters,
  }
}
