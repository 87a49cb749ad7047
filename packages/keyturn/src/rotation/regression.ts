/** refuseRegressed: a fleet or a trail that is ahead of its store means that somebody restored a backup. */
import { RingError } from '../errors.ts'
import { revivedKids } from '../ring/revived.ts'
import { readRing } from './change.ts'
import type { RotationContext } from './context.ts'
import { newerThan, sightingsOf } from './newest-seen.ts'

/** Every change but an emergency and a new epoch asks this first. @throws {RingError} ERR_RING_REGRESSED */
export async function refuseRegressed(context: RotationContext): Promise<void> {
  const sightings = await sightingsOf(context)
  const { document } = await readRing(context.store)
  const revived = revivedKids(document, sightings.entries)
  if (revived.length > 0)
    throw new RingError(
      'ERR_RING_REGRESSED',
      `${context.store.name} holds ${revived.join(', ')}, which the trail calls compromised: was a backup restored?`,
    )
  const newer = newerThan(document, sightings)
  if (newer === undefined) return
  throw new RingError(
    'ERR_RING_REGRESSED',
    `${context.store.name} holds generation ${document.generation}, but ${newer}: was a backup restored?`,
  )
}
