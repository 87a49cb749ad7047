/** expectHalted, expectGoesOn, expectDead: what is done to a ring that was set back, and what is not. */
import { expect } from 'vitest'
import { activeKey, findKey } from '../../src/ring/keys.ts'
import { destroyKey, forgetInstance, importKey, retireKey } from '../../src/rotation/key-verbs.ts'
import { abortOperation } from '../../src/rotation/resume.ts'
import { rollback } from '../../src/rotation/rollback.ts'
import { rotate } from '../../src/rotation/rotate.ts'
import { generateSecret } from '../../src/secret/generate.ts'
import type { ErrorCode } from '../../src/errors.ts'
import type { Ring } from '../../src/ports/ring-store.ts'
import { expectError } from '../expect-error.ts'
import { leaseOf } from '../fleet-fixtures.ts'
import { contextOf } from './contract-context.ts'
import { expectHeld, held } from './contract-rings.ts'
import type { StoreHandle, StorePlace } from './store-place.ts'

export const grounds = { reason: 'a test' }
export const alone = { ...grounds, noFleet: true, timeout: 500 }

/** Every change is refused, by every handle, and the ring stays as it is. */
export async function expectHalted(place: StorePlace, ring: Ring): Promise<void> {
  const { kid } = activeKey(ring.document)
  for (const handle of [await place.open(), await place.open()]) {
    const context = contextOf(handle)
    const code = 'ERR_RING_REGRESSED'
    await expectError(() => rotate(context, { ...alone, mode: 'graceful', force: true }), code)
    await expectError(() => rotate(context, { ...alone, mode: 'hard', force: true }), code)
    await expectError(() => rollback(context, alone), code)
    await expectError(() => importKey(context, { ...grounds, text: generateSecret() }), code)
    await expectError(() => retireKey(context, { ...grounds, kid, force: true }), code)
    await expectError(() => destroyKey(context, { ...grounds, kid }), code)
    await expectError(() => forgetInstance(context, { ...grounds, instance: 'one' }), code)
    await expectError(() => abortOperation(context, grounds), code)
    await expectHeld(handle.store, ring)
  }
}

/** Changes go on, and the trail is one chain. */
export async function expectGoesOn(handle: StoreHandle): Promise<void> {
  await importKey(contextOf(handle), { ...grounds, text: generateSecret() })
  const { notes } = await handle.audit.read()
  expect(notes.filter(({ severity }) => severity === 'broken')).toEqual([])
}

/** An instance shows that it holds the ring, or the one that the store holds. */
export const acknowledge = async ({ store, leases }: StoreHandle, ring?: Ring): Promise<void> =>
  leases.put(leaseOf(ring ?? (await held(store)), 'one', Date.now()))

/** The way to the key of that text is shut, and no handle's ring has its bytes. */
export async function expectDead(place: StorePlace, kid: string, text: string): Promise<void> {
  for (const handle of [await place.open(), await place.open()]) {
    const context = contextOf(handle)
    const ring = await held(handle.store)
    expect(findKey(ring.document, kid)?.state).toBe('compromised')
    expect(ring.secrets.has(kid)).toBe(false)
    const code: ErrorCode = 'ERR_RING_KEY_COMPROMISED'
    await expectError(() => importKey(context, { ...grounds, text }), code)
    await expectError(() => importKey(context, { ...grounds, text, force: true }), code)
    await expectError(() => rollback(context, { ...alone, to: kid }), code)
    await expectHeld(handle.store, ring)
  }
}
