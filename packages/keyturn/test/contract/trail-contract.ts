/** trailContract: every change is in the trail once, together with the change itself. */
import { describe, expect, it } from 'vitest'
import { hashOf } from '../../src/ports/hash.ts'
import { expectError } from '../expect-error.ts'
import { emergency } from '../../src/rotation/emergency.ts'
import { beginRing, changeRing, contextOf, coveredBy } from './contract-context.ts'
import { expectHeld, firstRing, held, nextRing, oddReason, put, ringName } from './contract-rings.ts'
import { able, type NewPlace } from './store-place.ts'

export function trailContract(newPlace: NewPlace): void {
  describe('the trail', () => {
    it('covers every generation once after every change, and keeps what it held', async () => {
      const place = await newPlace(ringName)
      const [one, two] = [await place.open(), await place.open()]
      await beginRing(one)
      let before = await coveredBy(two)
      for (let generation = 2; generation <= 12; generation += 1) {
        const { audit } = await changeRing(generation % 2 ? one : two, `change ${generation}`)
        const covered = await coveredBy(generation % 3 ? one : two)
        expect(covered).toStrictEqual([...before, audit])
        expect(covered.at(-1)).toMatchObject({ generation, prev: hashOf(before.at(-1) ?? never()) })
        before = covered
      }
      expect((await two.audit.read()).notes).toEqual([])
    })

    it('keeps long reasons, and words of every script', async () => {
      const place = await newPlace(ringName)
      const { store, audit } = await place.open()
      const deed = { reason: oddReason.repeat(100), action: 'fleet.forget:ünï/1', mode: 'hard' } as const
      const ring = await put(store, firstRing())
      const next = await put(store, nextRing(ring, { ...deed, cause: 'breach' }), ring)
      // Whoever writes next may be the one who appends it.
      const last = await put(store, nextRing(next), next)
      const { entries, notes } = await (await place.open()).audit.read()
      expect(entries).toStrictEqual([ring.document.audit, next.document.audit, last.document.audit])
      expect((await audit.read()).entries).toStrictEqual(entries)
      expect(notes).toEqual([])
    })

    it('refuses words that are no text, and changes nothing', async () => {
      const handle = await (await newPlace(ringName)).open()
      await beginRing(handle)
      const before = await held(handle.store)
      for (const half of ['\ud83d', 'half a \udd11 key']) {
        await expectError(() => changeRing(handle, half), 'ERR_REQUEST_INVALID')
        const alone = { ...contextOf(handle), actor: half }
        await expectError(() => emergency(alone, { reason: 'a test', timeout: 0 }), 'ERR_REQUEST_INVALID')
      }
      await expectHeld(handle.store, before)
      expect((await changeRing(handle, 'a 🔑')).generation).toBe(2)
    })

    it('has no entry of a change that was refused', async () => {
      const place = await newPlace(ringName)
      const { store, audit } = await place.open()
      const ring = await put(store, firstRing())
      const winner = await put(store, nextRing(ring, { reason: 'won' }), ring)
      await expectError(() => put(store, nextRing(ring, { reason: 'lost' }), ring), 'ERR_RING_CONFLICT')
      expect((await audit.read()).entries).toStrictEqual([ring.document.audit, winner.document.audit])
    })

    it('covers every generation once, and the ring is whole, wherever a writer is killed', async context => {
      const place = await newPlace(ringName)
      const writer = able(context, place.killWriter)
      const handle = await place.open()
      await beginRing(handle)
      for (const point of writer.points) {
        const before = await held(handle.store)
        await writer.kill(point)
        const found = await held((await place.open()).store)
        const steps = found.document.generation - before.document.generation
        expect([0, 1], `${point}: ${steps} generations`).toContain(steps)
        if (steps === 0 || point === 'after-read')
          expect(found.document, point).toStrictEqual(before.document)
        expect(found.edited, point).toBeUndefined()
        // What was killed is in nobody's way, and leaves no gap behind.
        const { generation } = await changeRing(handle, `after ${point}`)
        expect(generation, point).toBe(found.document.generation + 1)
        const entries = await coveredBy(await place.open())
        const generations = Array.from({ length: generation }, (_, index) => index + 1)
        expect(
          entries.map(entry => entry.generation),
          point,
        ).toEqual(generations)
        entries.forEach((entry, index) => {
          const last = entries[index - 1]
          expect(entry.prev, point).toBe(last ? hashOf(last) : '')
        })
        const { notes } = await handle.audit.read()
        expect(
          notes.filter(({ severity }) => severity === 'broken'),
          point,
        ).toEqual([])
      }
    })
  })
}

function never(): never {
  throw new Error('the trail is empty')
}
