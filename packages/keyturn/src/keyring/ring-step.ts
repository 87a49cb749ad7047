/** ringStep: what a ring that was read is to the one held. */
import { hashOf } from '../ports/hash.ts'
import type { Ring } from '../ports/ring-store.ts'
import type { RingDocument } from '../ring/document.ts'

/** `older` is also another ring of the same generation: an instance never goes back to either. */
export type RingStep = 'same' | 'newer' | 'older' | 'edited'

export function ringStep(held: RingDocument, ring: Ring): RingStep {
  const found = ring.document
  const step = found.epoch - held.epoch || found.generation - held.generation
  // A store that knows that nothing has changed hands out the same object.
  const isOther = step === 0 && found !== held && hashOf(found) !== hashOf(held)
  if (ring.edited || (isOther && found.generation === 0)) return 'edited'
  if (step < 0 || isOther) return 'older'
  return step === 0 ? 'same' : 'newer'
}
