/** fleetOf: what each instance holds, and whether the gate is open. */
import type { LeaseBoard, SeenLease } from '../ports/lease-board.ts'
import type { Ring } from '../ports/ring-store.ts'
import { activeKey, stagedKey } from '../ring/keys.ts'
import { proves } from './proof.ts'

/** How an instance stands to the generation asked for. */
export type InstanceStanding =
  /** It proved that it holds this generation's keys. */
  | 'acknowledged'
  /** It is alive and not there yet, or its proof does not verify. */
  | 'behind'
  /** It could not load this generation. */
  | 'refused'
  /** Its clock is more than 30 s off. */
  | 'clock'
  /** Silent for longer than a lease: it keeps the gate shut. */
  | 'lost'
  /** Silent for longer than maxStale: it has stopped by itself. */
  | 'fenced'
  /** Its process is proved dead. */
  | 'dead'

export interface FleetInstance {
  readonly lease: SeenLease
  readonly standing: InstanceStanding
}

/** Every instance of a ring. */
export interface Fleet {
  readonly instances: readonly FleetInstance[]
  /** Every instance that counts has acknowledged, and there is at least one. */
  readonly acknowledged: boolean
  /** Instances that count and have not acknowledged. */
  readonly missing: readonly FleetInstance[]
}

const mostClockOffset = 30_000

/** Standings that do not count: these cannot serve anybody. */
const isOut = (standing: InstanceStanding): boolean => standing === 'fenced' || standing === 'dead'

/**
 * Reads the board. A lost instance counts until it returns, closes, is proved dead, is fenced, or is forgotten.
 */
export async function fleetOf(ring: Ring, leases: LeaseBoard, now: number): Promise<Fleet> {
  const board = await leases.list()
  const instances = await Promise.all(
    board
      .filter(lease => lease.role === 'instance')
      .map(async lease => ({ lease, standing: await standingOf(ring, lease, leases, now) })),
  )
  const counting = instances.filter(({ standing }) => !isOut(standing))
  const missing = counting.filter(({ standing }) => standing !== 'acknowledged')
  return { instances, acknowledged: counting.length > 0 && missing.length === 0, missing }
}

/** Instances that may serve somebody. */
export const countingInstances = (fleet: Fleet): readonly FleetInstance[] =>
  fleet.instances.filter(({ standing }) => !isOut(standing))

async function standingOf(
  ring: Ring,
  lease: SeenLease,
  board: LeaseBoard,
  now: number,
): Promise<InstanceStanding> {
  const { limits, epoch, generation } = ring.document
  const silence = now - lease.seenAt
  if (await board.isProvedDead(lease)) return 'dead'
  if (silence > limits.maxStale * 1000) return 'fenced'
  if (silence > limits.lease * 1000) return 'lost'
  if (lease.nack && lease.nack.generation >= generation) return 'refused'
  if (Math.abs(clockOffset(lease)) > mostClockOffset) return 'clock'
  if (lease.epoch !== epoch || lease.generation !== generation) return 'behind'
  return holdsNewKeys(ring, lease) ? 'acknowledged' : 'behind'
}

/** How far the instance's clock is ahead of the store's, in milliseconds. */
export const clockOffset = (lease: SeenLease): number => lease.sentAt - lease.seenAt

/** What was found of a lease for a ring: a board may give the same lease again, and a fleet is looked at often. */
const found = new WeakMap<SeenLease, { readonly ring: Ring; readonly holds: boolean }>()

/** The proofs that count: of the key that signs, and of the one that is to sign next. */
function holdsNewKeys(ring: Ring, lease: SeenLease): boolean {
  const known = found.get(lease)
  if (known?.ring === ring) return known.holds
  const holds = provesNewKeys(ring, lease)
  found.set(lease, { ring, holds })
  return holds
}

function provesNewKeys(ring: Ring, lease: SeenLease): boolean {
  const keys = [activeKey(ring.document), stagedKey(ring.document)].filter(key => key !== undefined)
  return keys.every(key => {
    const secret = ring.secrets.get(key.kid)
    return secret !== undefined && proves(lease, key.kid, secret, ring.document)
  })
}

/** A sentence on why an instance has not acknowledged. */
export function whyMissing({ lease, standing }: FleetInstance, now: number): string {
  const seconds = Math.round((now - lease.seenAt) / 1000)
  switch (standing) {
    case 'lost':
      return `${lease.instance} is lost: last seen ${seconds} s ago`
    case 'refused':
      return `${lease.instance} could not load the ring: ${lease.nack?.code ?? 'unknown'}`
    case 'clock':
      return `${lease.instance} has a clock that is ${Math.round(clockOffset(lease) / 1000)} s off`
    default:
      return `${lease.instance} holds generation ${lease.generation}, seen ${seconds} s ago`
  }
}
