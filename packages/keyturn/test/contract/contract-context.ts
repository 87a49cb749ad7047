/** contextOf, coveredBy: a handle as rotations take it, and what its trail covers. */
import { systemClock } from '../../src/ports/clock.ts'
import { defaultLimits, type AuditEntry, type RingDocument } from '../../src/ring/document.ts'
import { initRing } from '../../src/rotation/adopt.ts'
import { change } from '../../src/rotation/change.ts'
import { advance } from '../../src/ring/advance.ts'
import type { RotationContext } from '../../src/rotation/context.ts'
import { held, ringName } from './contract-rings.ts'
import type { StoreHandle } from './store-place.ts'

export const contextOf = ({ store, leases, audit }: StoreHandle): RotationContext => ({
  store,
  leases,
  clock: systemClock,
  actor: 'tester@host',
  trail: () => audit.read(),
})

/** The entries of the trail, and the ring's own where it has not come there yet. */
export async function coveredBy({ store, audit }: StoreHandle): Promise<readonly AuditEntry[]> {
  const { entries } = await audit.read()
  const open = (await held(store)).document.audit
  const isThere = entries.some(
    ({ epoch, generation }) => epoch === open?.epoch && generation === open.generation,
  )
  return open && !isThere ? [...entries, open] : entries
}

/** Makes the ring, as a person does. */
export async function beginRing(handle: StoreHandle): Promise<RingDocument> {
  const grounds = { reason: 'a test' }
  const { document } = await initRing(contextOf(handle), {
    ring: ringName,
    limits: defaultLimits,
    ...grounds,
  })
  return document
}

/** Changes the ring by one generation in which nothing else happens. */
export async function changeRing(handle: StoreHandle, reason = 'a test'): Promise<RingDocument> {
  const { document } = await change(contextOf(handle), {
    deed: { action: 'test', reason },
    apply: before => advance(before, {}),
  })
  return document
}
