/** eraseDue: the bytes of keys past their time go, with an entry in the trail. */
import type { Ring } from '../ports/ring-store.ts'
import { dueKeys } from '../ring/keys.ts'
import { advance } from '../ring/advance.ts'
import { change, readRing } from './change.ts'
import type { RotationContext } from './context.ts'
import { refuseRegressed } from './regression.ts'

/** Erases what is due. Returns the ring, changed or not. @throws {RingError} ERR_RING_REGRESSED when something is due */
export async function eraseDue(context: RotationContext): Promise<{ ring: Ring; erased: readonly string[] }> {
  const found = await readRing(context.store)
  const now = Math.floor((await context.store.now()) / 1000)
  const due = dueKeys(found.document, now)
  if (due.length === 0 || found.edited || found.document.generation === 0) return { ring: found, erased: [] }
  await refuseRegressed(context)
  const ring = await change(context, {
    deed: { action: 'erase', reason: 'past its time' },
    // The step drops what is due by itself; somebody else may have been faster.
    apply: (before, at, { document }) => (dueKeys(document, at).length > 0 ? advance(before, {}) : before),
  })
  await context.afterChange?.('grace', ring.document)
  return { ring, erased: due.map(key => key.kid) }
}
