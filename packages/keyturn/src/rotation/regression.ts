/** refuseRegressed: a fleet that is ahead of its store means that somebody restored a backup. */
import { RingError } from '../errors.ts'
import { revivedKids } from '../ring/revived.ts'
import { readRing } from './change.ts'
import type { RotationContext } from './context.ts'

/** @throws {RingError} ERR_RING_REGRESSED */
export async function refuseRegressed(context: RotationContext): Promise<void> {
  // First what others have seen, then the ring: what they saw was in the store before, so a ring that is behind now was
  // set back. The other way round, a change in between would look like a backup.
  const leases = await context.leases.list()
  const entries = (await context.trail?.())?.entries ?? []
  const { document } = await readRing(context.store)
  const revived = revivedKids(document, entries)
  if (revived.length > 0)
    throw new RingError(
      'ERR_RING_REGRESSED',
      `${context.store.name} holds ${revived.join(', ')}, which the trail calls compromised: was a backup restored?`,
    )
  const ahead = leases.find(
    lease =>
      lease.epoch > document.epoch ||
      (lease.epoch === document.epoch && lease.generation > document.generation),
  )
  if (!ahead) return
  throw new RingError(
    'ERR_RING_REGRESSED',
    `${context.store.name} holds generation ${document.generation}, but ${ahead.instance} has seen generation ${ahead.generation}: was a backup restored?`,
  )
}
