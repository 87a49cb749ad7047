/** accessContract: denied, missing and unreachable are three answers. */
import { describe, expect, it } from 'vitest'
import { readRing } from '../../src/rotation/change.ts'
import { expectError } from '../expect-error.ts'
import { changeRing } from './contract-context.ts'
import { expectHeld, firstRing, nextRing, put, ringName, textsOf } from './contract-rings.ts'
import { leaseOf } from '../fleet-fixtures.ts'
import { able, type NewPlace, type StoreHandle, type StorePlace, type Undo } from './store-place.ts'

type Refusal = 'ERR_STORE_DENIED' | 'ERR_STORE_UNREACHABLE'

/** While it lasts, everything is refused with that code; after it, everything is as it was, and goes on. */
async function expectRefused(place: StorePlace, cut: () => Promise<Undo>, code: Refusal): Promise<void> {
  const handle = await place.open()
  const ring = await put(handle.store, firstRing())
  await handle.leases.put(leaseOf(ring, 'one', Date.now()))
  const stop = handle.store.watch?.(() => undefined)
  const undo = await cut()
  try {
    const openings = [...(place.keepsOpen ? [] : [async () => handle]), () => place.open()]
    for (const open of openings) {
      const refusal = (action: (handle: StoreHandle) => Promise<unknown>) =>
        expectError(async () => action(await open()), code)
      const messages = [
        await refusal(({ store }) => store.read()),
        await refusal(({ store }) => put(store, nextRing(ring), ring)),
        await refusal(({ leases }) => leases.list()),
        await refusal(({ leases }) => leases.put(leaseOf(ring, 'two', Date.now()))),
        await refusal(({ leases }) => leases.remove('one')),
        await refusal(({ audit }) => audit.read()),
      ]
      for (const [, text] of textsOf(ring)) expect(messages.join('\n')).not.toContain(text)
    }
  } finally {
    await undo()
    stop?.()
  }
  for (const { store, leases, audit } of [handle, await place.open()]) {
    await expectHeld(store, ring)
    expect((await leases.list()).map(({ instance }) => instance)).toEqual(['one'])
    expect((await audit.read()).entries).toStrictEqual([ring.document.audit])
  }
  expect((await changeRing(handle)).generation).toBe(2)
}

export function accessContract(newPlace: NewPlace): void {
  describe('access', () => {
    it('an empty place is missing a ring: a read answers with nothing, a change with ERR_STORE_MISSING', async () => {
      const handle = await (await newPlace(ringName)).open()
      expect(await handle.store.read()).toBeUndefined()
      await expectError(() => readRing(handle.store), 'ERR_STORE_MISSING')
      await expectError(() => changeRing(handle), 'ERR_STORE_MISSING')
    })

    it('a store that refuses access says ERR_STORE_DENIED, and changes nothing', async context => {
      const place = await newPlace(ringName)
      await expectRefused(place, able(context, place.deny), 'ERR_STORE_DENIED')
    })

    it('a store out of reach says ERR_STORE_UNREACHABLE, and is used again when it is back', async context => {
      const place = await newPlace(ringName)
      await expectRefused(place, able(context, place.cutOff), 'ERR_STORE_UNREACHABLE')
    })
  })
}
