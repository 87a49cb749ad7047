/** swapContract: what a read and a swap promise, one after the other. */
import { describe, expect, it } from 'vitest'
import { expectedOf } from '../../src/ports/hash.ts'
import { advance } from '../../src/ring/advance.ts'
import { expectError } from '../expect-error.ts'
import {
  expectHeld,
  firstRing,
  fullRing,
  nextRing,
  nothing,
  put,
  ringName,
  sealedNow,
  textsOf,
} from './contract-rings.ts'
import type { NewPlace } from './store-place.ts'

export function swapContract(newPlace: NewPlace): void {
  describe('a read and a swap', () => {
    it('an empty place holds no ring, and refuses a swap that expects one', async () => {
      const { store, audit } = await (await newPlace(ringName)).open()
      expect(await store.read()).toBeUndefined()
      const ring = firstRing()
      await expectError(() => put(store, nextRing(ring), ring), 'ERR_RING_CONFLICT')
      expect(await store.read()).toBeUndefined()
      expect(await audit.read()).toEqual({ entries: [], notes: [] })
    })

    it('the first swap expects generation 0, and is seen by every handle, open or new', async () => {
      const place = await newPlace(ringName)
      const [one, two] = [await place.open(), await place.open()]
      const ring = await put(one.store, firstRing())
      for (const { store } of [one, two, await place.open()]) await expectHeld(store, ring)
      await expectError(() => put(two.store, firstRing()), 'ERR_RING_CONFLICT')
      await expectHeld(one.store, ring)
    })

    it('a swap keeps document and secrets to the last byte: 32 keys, every state, every field', async () => {
      const place = await newPlace(ringName)
      const ring = await put((await place.open()).store, fullRing())
      const { store, audit } = await place.open()
      await expectHeld(store, ring)
      expect((await audit.read()).entries).toStrictEqual([ring.document.audit])
      const next = await put(store, nextRing(ring, { reason: '' }), ring)
      await expectHeld((await place.open()).store, next)
    })

    it.each([
      ['another epoch', { epoch: 1 }],
      ['an earlier generation', { generation: 1 }],
      ['a later generation', { generation: 3 }],
      ['the same generation with another hash', { hash: 'x'.repeat(43) }],
      ['an empty store', nothing],
    ])('a swap that expects %s is refused, and changes nothing', async (_, wrong) => {
      const place = await newPlace(ringName)
      const { store, audit } = await place.open()
      const first = await put(store, firstRing())
      const ring = await put(store, nextRing(first), first)
      const expected = { ...expectedOf(ring.document), ...wrong }
      const swap = () => store.compareAndSwap(expected, nextRing(ring, { reason: 'never' }))
      const message = await expectError(swap, 'ERR_RING_CONFLICT')
      for (const [, text] of textsOf(ring)) expect(message).not.toContain(text)
      await expectHeld((await place.open()).store, ring)
      expect((await audit.read()).entries.map(({ generation }) => generation)).toEqual([1, 2])
      await put(store, nextRing(ring), ring)
    })

    it('a swap takes a higher epoch', async () => {
      const { store, audit } = await (await newPlace(ringName)).open()
      const ring = await put(store, firstRing())
      const raised = { ...advance(ring.document, {}), epoch: 1 }
      const next = { document: sealedNow(ring.document, raised), secrets: ring.secrets }
      await expectHeld(store, await put(store, next, ring))
      const { entries, notes } = await audit.read()
      expect(entries.map(({ epoch, generation }) => [epoch, generation])).toEqual([
        [0, 1],
        [1, 2],
      ])
      expect(notes.filter(({ severity }) => severity === 'broken')).toEqual([])
      await expectError(() => put(store, nextRing(ring), ring), 'ERR_RING_CONFLICT')
    })

    it('its name says where it is, without what it takes to get in', async () => {
      const { store } = await (await newPlace(ringName)).open()
      expect(store.name).not.toBe('')
      expect(store.name).not.toMatch(/:\/\/[^/]*@/)
    })

    it("the store's time is the machine's, and does not go back", async () => {
      const { store } = await (await newPlace(ringName)).open()
      let last = await store.now()
      expect(Math.abs(last - Date.now())).toBeLessThan(60_000)
      for (let turn = 0; turn < 20; turn += 1) {
        const now = await store.now()
        // A clock that is being set may step back a little.
        expect(now).toBeGreaterThan(last - 1000)
        last = now
      }
    })
  })
}
