/** leaseContract: what a board promises to those who show themselves on it. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Lease, LeaseBoard } from '../../src/ports/lease-board.ts'
import { thisProcess } from '../../src/process-identity.ts'
import { leaseOf } from '../fleet-fixtures.ts'
import { firstRing, ringName } from './contract-rings.ts'
import type { NewPlace, StorePlace } from './store-place.ts'

/** Names that a file, a path or a statement could confuse. */
const oddNames = [
  'a/b',
  'a_b',
  'a b',
  'a:b',
  'a.b',
  'a%2Fb',
  'a~b',
  '.',
  '..',
  '../../escape',
  '/etc/x',
  'one',
  'ONE',
  "o'hara",
  '"; drop',
  'ünï',
  'u\u0308nï',
  '日本 🔑',
  '__proto__',
  'controller-1-Ab_-9',
  'x'.repeat(300),
  'x'.repeat(301),
]

const lease = (instance: string, more: Partial<Lease> = {}): Lease => ({
  ...leaseOf(ring, instance, Date.now()),
  ...more,
})
const ring = firstRing()

const boardsOf = (place: StorePlace): Promise<LeaseBoard[]> =>
  Promise.all([0, 1].map(async () => (await place.open()).leases))

const generations = async (board: LeaseBoard | undefined) =>
  Object.fromEntries((await board?.list())?.map(each => [each.instance, each.generation]) ?? [])

export function leaseContract(newPlace: NewPlace): void {
  describe('a board', () => {
    it('is empty at first, and minds no removal', async () => {
      const { leases } = await (await newPlace(ringName)).open()
      expect(await leases.list()).toEqual([])
      await leases.remove('nobody')
      expect(await leases.list()).toEqual([])
    })

    it('shows a lease as it was put to every handle as soon as the put returns', async () => {
      const place = await newPlace(ringName)
      const [one, two] = await boardsOf(place)
      const whole = lease('one', {
        epoch: 3,
        generation: Number.MAX_SAFE_INTEGER,
        hash: 'x'.repeat(43),
        process: thisProcess(),
        sentAt: 1,
        nack: { generation: 9, code: 'ERR_RING_INVALID' },
        counters: {
          verified: { [ring.document.keys[0]?.kid ?? '']: 12 },
          rejected: { ERR_TOKEN_EXPIRED: 3, __proto: 1 },
          signed: {},
          loginsSucceeded: 2 ** 40,
          loginsFailed: 1,
          unexpectedSignOuts: 3,
        },
        role: 'controller',
      })
      await one?.put(whole)
      for (const board of [one, two, (await place.open()).leases]) {
        const [{ seenAt, ...found } = { seenAt: 0 }, ...others] = (await board?.list()) ?? []
        expect(found).toStrictEqual(whole)
        expect(others).toEqual([])
        expect(seenAt).toBeGreaterThan(0)
      }
    })

    it('keeps one lease for each instance, the last, whichever handle put it', async () => {
      const [one, two] = await boardsOf(await newPlace(ringName))
      await one?.put(lease('a', { generation: 5, nack: { generation: 5, code: 'ERR_RING_INVALID' } }))
      await two?.put(lease('b', { generation: 6 }))
      await two?.put(lease('a', { generation: 4 }))
      for (const board of [one, two]) {
        expect(await generations(board)).toEqual({ a: 4, b: 6 })
        const found = (await board?.list())?.find(({ instance }) => instance === 'a')
        expect(found?.nack).toBeUndefined()
      }
      await one?.remove('b')
      await two?.remove('b')
      expect(await generations(two)).toEqual({ a: 4 })
    })

    it("says by the store's clock when it stored a lease, whatever the instance's clock says", async () => {
      const handle = await (await newPlace(ringName)).open()
      const { store, leases } = handle
      const put = async (sentAt: number) => {
        // A file's time may lag a tick behind the clock.
        const before = (await store.now()) - 100
        await leases.put(lease('one', { sentAt }))
        const [seen] = await leases.list()
        expect(seen).toMatchObject({ sentAt })
        expect(seen?.seenAt).toBeGreaterThanOrEqual(before)
        expect(seen?.seenAt).toBeLessThanOrEqual((await store.now()) + 1)
        return seen?.seenAt ?? 0
      }
      let last = await put(Date.now() + 300_000)
      for (const sentAt of [0, Date.now() - 300_000]) {
        await pause(100)
        const seenAt = await put(sentAt)
        expect(seenAt).toBeGreaterThan(last)
        last = seenAt
      }
    })

    it('takes every name for an instance of its own', async () => {
      const place = await newPlace(ringName)
      const [one, two] = await boardsOf(place)
      for (const [index, name] of oddNames.entries()) await one?.put(lease(name, { generation: index }))
      const wanted = oddNames.map((name, index) => [name, index] as const)
      const found = async () =>
        ((await two?.list()) ?? []).map(each => [each.instance, each.generation] as const).sort(byGeneration)
      expect(await found()).toEqual(wanted)
      await two?.remove('a_b')
      await two?.remove('ONE')
      expect(await found()).toEqual(wanted.filter(([name]) => name !== 'a_b' && name !== 'ONE'))
      for (const name of oddNames) await two?.remove(name)
      expect(await found()).toEqual([])
    })

    it('keeps the leases of twenty that put at once', async () => {
      const boards = await boardsOf(await newPlace(ringName))
      const names = Array.from({ length: 20 }, (_, index) => `instance-${String(index).padStart(2, '0')}`)
      const puts = names.map(async (name, index) => {
        const board = boards[index % 2]
        for (const generation of [1, 2, 3]) {
          await board?.put(lease(name, { generation }))
          expect(await generations(board)).toMatchObject({ [name]: generation })
        }
      })
      await Promise.all(puts)
      for (const board of boards)
        expect(await generations(board)).toEqual(Object.fromEntries(names.map(name => [name, 3])))
    })

    it('calls no process dead that lives, or of which it cannot know', async () => {
      const { leases } = await (await newPlace(ringName)).open()
      expect(await leases.isProvedDead(lease('one', { process: thisProcess() }))).toBe(false)
      const elsewhere = { host: 'elsewhere', boot: 'another', namespace: 'n', pid: 1, start: '1' }
      expect(await leases.isProvedDead(lease('two', { process: elsewhere }))).toBe(false)
    })
  })
}

const byGeneration = (a: readonly [string, number], b: readonly [string, number]): number => a[1] - b[1]
