/** raceContract: what a store promises to several writers and readers at once. */
import { describe, expect, it } from 'vitest'
import { RingError } from '../../src/errors.ts'
import { expectedOf, hashOf } from '../../src/ports/hash.ts'
import type { Expected, Ring } from '../../src/ports/ring-store.ts'
import { advance } from '../../src/ring/advance.ts'
import { keysWithBytes } from '../../src/ring/keys.ts'
import { change } from '../../src/rotation/change.ts'
import { Secret } from '../../src/secret/secret.ts'
import { contextOf, coveredBy } from './contract-context.ts'
import { expectHeld, firstRing, held, heldKey, nothing, put, ringName, sealedNow } from './contract-rings.ts'
import type { NewPlace, StoreHandle, StorePlace } from './store-place.ts'

const handles = 5
const swapsEach = 4

const openMany = (place: StorePlace): Promise<StoreHandle[]> =>
  Promise.all(Array.from({ length: handles }, () => place.open()))

/** Twenty swaps at once. The winner and the losers, each loser refused as it must be. */
async function race(
  opened: readonly StoreHandle[],
  expected: Expected,
  candidates: readonly Ring[],
): Promise<{ winner: Ring; losers: readonly Ring[] }> {
  const swaps = candidates.map(async (ring, index) => {
    await opened[index % opened.length]?.store.compareAndSwap(expected, ring)
  })
  const results = await Promise.allSettled(swaps)
  const refusals = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []))
  expect(refusals).toHaveLength(candidates.length - 1)
  for (const refusal of refusals) {
    expect(refusal).toBeInstanceOf(RingError)
    expect(refusal).toMatchObject({ code: 'ERR_RING_CONFLICT' })
  }
  const [winner] = candidates.filter((_, index) => results[index]?.status === 'fulfilled')
  if (!winner) throw new Error('nobody won')
  return { winner, losers: candidates.filter(ring => ring !== winner) }
}

/** What only the losers knew is nowhere. */
async function expectNoTrace(place: StorePlace, losers: readonly Ring[]): Promise<void> {
  const { store, audit } = await place.open()
  const found = await held(store)
  const { entries } = await audit.read()
  const entriesOfLosers = new Set(losers.map(({ document }) => document.audit && hashOf(document.audit)))
  expect(entries.filter(entry => entriesOfLosers.has(hashOf(entry)))).toEqual([])
  const bytes = 'cannot' in place.atRest ? Buffer.alloc(0) : await place.atRest.bytes()
  for (const { document, secrets } of losers) {
    expect(found.document.nonce).not.toBe(document.nonce)
    for (const [kid, secret] of secrets) {
      if (found.secrets.has(kid)) continue
      expect(bytes.includes(secret.reveal()), 'the secret of a loser is in the place').toBe(false)
    }
  }
}

export function raceContract(newPlace: NewPlace): void {
  describe('several at once', () => {
    it('of twenty that make the first ring one wins, and nothing of the others is left', async () => {
      const place = await newPlace(ringName)
      const candidates = Array.from({ length: handles * swapsEach }, () => firstRing())
      const { winner, losers } = await race(await openMany(place), nothing, candidates)
      await expectHeld((await place.open()).store, winner)
      expect((await (await place.open()).audit.read()).entries).toStrictEqual([winner.document.audit])
      await expectNoTrace(place, losers)
    })

    it('of twenty swaps one wins, round after round, and nothing of the others is left', async () => {
      const place = await newPlace(ringName)
      const opened = await openMany(place)
      let ring = await put((await place.open()).store, firstRing())
      for (let round = 2; round <= 6; round += 1) {
        const candidates = Array.from({ length: handles * swapsEach }, (_, index) =>
          withStaged(ring, `swap ${index}`),
        )
        const { winner, losers } = await race(opened, expectedOf(ring.document), candidates)
        for (const { store } of opened) await expectHeld(store, winner)
        await expectNoTrace(place, losers)
        ring = winner
      }
      const trail = await coveredBy(await place.open())
      expect(trail.map(({ generation }) => generation)).toEqual([1, 2, 3, 4, 5, 6])
    })

    it('changes of several handles take turns: consecutive generations, one entry each, each with the hash before', async () => {
      const place = await newPlace(ringName)
      const { store } = await place.open()
      await put(store, firstRing())
      // Three others make 18 changes: nobody loses often enough to give up.
      const writers = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async actor => ({ actor, ...(await place.open()) })),
      )
      const made: (readonly [generation: number, actor: string])[] = []
      await Promise.all(
        writers.map(async ({ actor, ...handle }) => {
          for (let turn = 0; turn < 6; turn += 1) {
            const step = {
              deed: { action: 'test', reason: `turn ${turn} of ${actor}` },
              apply: (document: Ring['document']) => advance(document, {}),
            }
            const { document } = await change({ ...contextOf(handle), actor }, step)
            made.push([document.generation, actor])
          }
        }),
      )
      made.sort(([a], [b]) => a - b)
      const generations = Array.from({ length: 24 }, (_, index) => index + 2)
      expect(made.map(([generation]) => generation)).toEqual(generations)
      const handle = await place.open()
      const { document } = await held(handle.store)
      expect(document.generation).toBe(25)
      const { entries, notes } = await handle.audit.read()
      expect(notes).toEqual([])
      expect(entries.map(({ generation }) => generation)).toEqual([1, ...generations])
      expect(entries.slice(1).map(({ generation, actor }) => [generation, actor])).toEqual(made)
      entries.forEach((entry, index) => {
        const before = entries[index - 1]
        expect(entry.prev).toBe(before ? hashOf(before) : '')
      })
    })

    it('a read is whole while the ring changes, and no handle goes back', async () => {
      const place = await newPlace(ringName)
      const { store } = await place.open()
      let ring = await put(store, firstRing())
      const done = new AbortController()
      const read = async (handle: StoreHandle): Promise<number> => {
        let [last, seen] = [0, 0]
        while (!done.signal.aborted) {
          const found = await held(handle.store)
          const { document, secrets, edited } = found
          const missing = keysWithBytes(document).filter(({ kid }) => !secrets.has(kid))
          expect({ missing, edited, extra: secrets.size }).toEqual({
            missing: [],
            edited: undefined,
            extra: keysWithBytes(document).length,
          })
          expect(document.generation).toBeGreaterThanOrEqual(last)
          if (document.generation > last) seen += 1
          last = document.generation
          // Lets others work where everything is synchronous.
          await new Promise(resolve => setTimeout(resolve, 1))
        }
        return seen
      }
      const readers = Promise.all((await openMany(place)).map(read))
      try {
        for (let turn = 0; turn < 40; turn += 1) {
          ring = await put(store, withStaged(ring, `turn ${turn}`), ring)
          await new Promise(resolve => setTimeout(resolve, 1))
        }
      } finally {
        done.abort()
      }
      // They did read while the ring changed.
      expect(Math.max(...(await readers))).toBeGreaterThan(1)
    })
  })
}

/** The next generation, in which another key is staged than before. */
function withStaged({ document, secrets }: Ring, reason: string): Ring {
  const [key, text] = heldKey('staged')
  const kept = document.keys.filter(({ state }) => state !== 'staged')
  const next = sealedNow(document, advance(document, { keys: [...kept, key] }), { reason })
  const stays = [...secrets].filter(([kid]) => kept.some(each => each.kid === kid))
  return { document: next, secrets: new Map([...stays, [key.kid, new Secret(text)]]) }
}
