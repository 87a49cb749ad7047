/** FleetView: the instances of a ring as data without proofs, as a file's board and a hub both tell them. */
import type { Counters, ProcessIdentity } from 'keyturn/ports'
import type { RingDocument } from 'keyturn/ring'
import { clockOffset, whyMissing, type Fleet, type FleetInstance } from 'keyturn/rotation'

/** One process and what it holds. Field for field what the hub's API calls an instance. */
export interface InstanceView {
  readonly instance: string
  /** `acknowledged`, `behind`, `refused`, `clock`, `lost`, `fenced`, `dead`; a newer hub may know more. */
  readonly standing: string
  /** Why it has not acknowledged; null when it has, or does not count. */
  readonly why: string | null
  readonly epoch: number
  readonly generation: number
  readonly kids: readonly string[]
  /** ISO 8601. */
  readonly seenAt: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly clockOffsetSeconds: number
  readonly process: ProcessIdentity
  /** The generation that it could not load. */
  readonly refused: { readonly generation: number; readonly code: string } | null
  readonly counters: Counters
}

/** An instance that keeps a gate shut, and a sentence on why. */
export interface MissingInstance {
  readonly instance: string
  readonly why: string
}

export interface FleetView {
  readonly ring: string
  readonly generation: number
  /** Epoch milliseconds, by the store's clock. */
  readonly now: number
  readonly instances: readonly InstanceView[]
  /** Every instance that counts has acknowledged, and there is at least one. */
  readonly acknowledged: boolean
  readonly missing: readonly MissingInstance[]
}

/** Whether it may serve somebody: neither dead nor silent for longer than maxStale. */
export const isCounting = ({ standing }: Pick<InstanceView, 'standing'>): boolean =>
  standing !== 'dead' && standing !== 'fenced'

/** How many have acknowledged, of a fleet or of its view. */
export const acknowledgedIn = ({
  instances,
}: {
  readonly instances: readonly { readonly standing: string }[]
}): number => instances.filter(({ standing }) => standing === 'acknowledged').length

export function fleetViewOf(fleet: Fleet, document: RingDocument, now: number): FleetView {
  return {
    ring: document.ring,
    generation: document.generation,
    now,
    instances: fleet.instances.map(each => instanceViewOf(each, now)),
    acknowledged: fleet.acknowledged,
    missing: missingIn(fleet, now),
  }
}

export const missingIn = (fleet: Fleet, now: number): readonly MissingInstance[] =>
  fleet.missing.map(each => ({ instance: each.lease.instance, why: whyMissing(each, now) }))

function instanceViewOf(each: FleetInstance, now: number): InstanceView {
  const { lease, standing } = each
  const counts = standing !== 'acknowledged' && isCounting({ standing })
  return {
    instance: lease.instance,
    standing,
    why: counts ? whyMissing(each, now) : null,
    epoch: lease.epoch,
    generation: lease.generation,
    kids: lease.kids,
    seenAt: new Date(lease.seenAt).toISOString(),
    startedAt: new Date(lease.startedAt).toISOString(),
    clockOffsetSeconds: Math.round(clockOffset(lease)) / 1000,
    process: lease.process,
    refused: lease.nack ?? null,
    counters: lease.counters,
  }
}
