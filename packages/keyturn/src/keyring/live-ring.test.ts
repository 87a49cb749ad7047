/** LiveRing: joining the fleet, following the store, and what it does not take. */
import { afterEach, describe, expect, it } from 'vitest'
import { bench, grounds, type Bench } from '../../test/fleet-fixtures.ts'
import { TamperedStore } from '../../test/keyring-fixtures.ts'
import { freshRing, freshSecret, key, now } from '../../test/ring-fixtures.ts'
import { hashOf } from '../ports/hash.ts'
import { noCounters, type Lease } from '../ports/lease-board.ts'
import type { Ring } from '../ports/ring-store.ts'
import { eraseDue } from '../rotation/erase.ts'
import { fleetOf } from '../rotation/fleet.ts'
import { importKey } from '../rotation/key-verbs.ts'
import { rotate } from '../rotation/rotate.ts'
import { generateSecret } from '../secret/generate.ts'
import { LiveRing } from './live-ring.ts'
import type { LiveRingOptions } from './live-ring-options.ts'

const counters = noCounters
const graceful = { ...grounds, mode: 'graceful', timeout: 30_000 } as const
const open: LiveRing[] = []

async function liveOn(made: Bench, more: Partial<LiveRingOptions> = {}) {
  const store = new TamperedStore(made.store)
  const refused: string[] = []
  const changes: number[] = []
  const live = new LiveRing(await made.ring(), {
    store,
    leases: made.leases,
    instance: 'one',
    counters: () => counters,
    onChange: (_, after) => void changes.push(after.ring.document.generation),
    onRefused: code => void refused.push(code),
    clock: made.clock,
    ...more,
  })
  open.push(live)
  return { live, store, refused, changes }
}
const leaseIn = async ({ leases }: Bench): Promise<Lease | undefined> => (await leases.list())[0]
/** Until everything that can happen without a timer has happened. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

afterEach(async () => {
  for (const live of open.splice(0)) await live.close()
})

describe('joining', () => {
  it('is done when the store has the lease, which proves the keys held', async () => {
    const made = bench()
    const { live } = await liveOn(made)
    await live.join()
    const hash = hashOf(await made.document())
    expect(await leaseIn(made)).toMatchObject({
      instance: 'one',
      role: 'instance',
      generation: 1,
      hash,
      counters,
    })
    expect((await fleetOf(await made.ring(), made.leases, made.clock.now())).acknowledged).toBe(true)
  })

  it('writes the lease before it reads, so that a rotation meanwhile waits for it or is seen by it', async () => {
    const made = bench()
    const order: string[] = []
    const put = async (lease: Lease): Promise<void> => {
      order.push(`lease of generation ${lease.generation}`)
      await made.leases.put(lease)
    }
    const { live, store } = await liveOn(made, { leases: { ...made.leases, put } })
    store.change = ring => (order.push('read'), ring)
    await rotate(made.context, { ...graceful, noFleet: true })
    await live.join()
    expect(order.slice(0, 2)).toEqual(['lease of generation 1', 'read'])
    expect(await leaseIn(made)).toMatchObject({ generation: 3 })
  })

  it('fails when the lease cannot be stored', async () => {
    const made = bench()
    const put = async (): Promise<void> => Promise.reject(new Error('read-only'))
    const { live } = await liveOn(made, { leases: { ...made.leases, put } })
    await expect(live.join()).rejects.toThrow('read-only')
  })

  it('fails when the store does not answer', async () => {
    const { live, store } = await liveOn(bench())
    store.isDown = true
    await expect(live.join()).rejects.toMatchObject({ code: 'ERR_STORE_UNREACHABLE' })
  })

  it('ends with closing, which takes the lease away for good', async () => {
    const made = bench()
    const { live } = await liveOn(made)
    await live.join()
    await live.close()
    await live.putLease()
    expect(await leaseIn(made)).toBeUndefined()
  })
})

describe('following the store', () => {
  it('takes a newer ring at a hint, and acknowledges it at once', async () => {
    const made = bench()
    const { live, changes } = await liveOn(made)
    await live.join()
    const { fleet } = await rotate(made.context, graceful)
    expect(fleet.acknowledged).toBe(true)
    expect(changes).toEqual([2, 3])
    expect(live.table.ring.document.generation).toBe(3)
  })

  it('polls where no hint comes', async () => {
    const made = bench()
    const { live, store } = await liveOn(made)
    store.watch = () => () => undefined
    await live.join()
    await importKey(made.context, { ...grounds, text: generateSecret() })
    expect(live.table.ring.document.generation).toBe(1)
    await made.clock.sleep(2_001)
    expect(live.table.ring.document.generation).toBe(2)
  })

  it('erases what is past its time, as the first that can write', async () => {
    const { document, secrets } = freshRing()
    const { kid, secret } = freshSecret()
    const keys = [...document.keys, key(kid, 'retiring', { verifyUntil: now + 9 })]
    const made = bench({
      ring: { document: { ...document, keys }, secrets: new Map([...secrets, [kid, secret]]) },
    })
    const { live } = await liveOn(made, { erase: () => eraseDue({ ...made.context, actor: 'one' }) })
    await live.join()
    await made.clock.sleep(2_001)
    expect(await made.trail()).toEqual([])
    await made.clock.sleep(9_001)
    const erased = { action: 'erase', actor: 'one', keys: [[kid, 'retiring', 'destroyed']] }
    expect(await made.trail()).toMatchObject([erased])
    expect([...live.table.ring.secrets.keys()]).toEqual([...secrets.keys()])
  })

  it('renews its lease within 12 s', async () => {
    const made = bench()
    const { live } = await liveOn(made)
    await live.join()
    await made.clock.sleep(12_001)
    expect((await leaseIn(made))?.sentAt).toBeGreaterThan(made.clock.now() - 12_000)
  })

  it('shares a read among all that ask while it is under way', async () => {
    const { live, store } = await liveOn(bench())
    store.hold()
    const answers = [live.reload(), live.reload(), live.reload()]
    expect(live.isReading).toBe(true)
    store.release()
    expect(await Promise.all(answers)).toEqual([true, true, true])
    expect([store.reads, live.isReading]).toEqual([1, false])
  })
})

describe('what is not taken', () => {
  const at =
    (change: Partial<Ring['document']>) =>
    (ring: Ring): Ring => ({
      ...ring,
      document: { ...ring.document, ...change },
    })

  it.each<readonly [string, (ring: Ring) => Ring]>([
    ['a lower generation', at({ generation: 4 })],
    ['the same generation with another hash', at({ nonce: 'another' })],
    ['a lower epoch with a higher generation', at({ epoch: 1, generation: 9 })],
  ])('%s: the ring is kept, and the store does not count as read', async (_, change) => {
    const ring = freshRing()
    const made = bench({ ring: { ...ring, document: { ...ring.document, epoch: 2, generation: 5 } } })
    const { live, store, refused } = await liveOn(made)
    store.change = change
    made.clock.advance(1_000)
    await live.reload()
    await live.reload()
    expect(refused).toEqual(['ERR_RING_REGRESSED'])
    expect(live.table.ring.document).toMatchObject({ epoch: 2, generation: 5 })
    expect(live.freshness.age()).toBe(1_000)
    await settled()
    expect((await leaseIn(made))?.nack).toMatchObject({ code: 'ERR_RING_REGRESSED' })
  })

  it('takes a new epoch, whatever its generation', async () => {
    const { live, store, refused } = await liveOn(bench())
    store.change = at({ epoch: 1, generation: 0 })
    await live.reload()
    expect(live.table.ring.document.epoch).toBe(1)
    expect(refused).toEqual([])
  })

  it('an edit by hand: the ring is kept and goes on, and it is told once', async () => {
    const made = bench()
    const { live, store, refused } = await liveOn(made)
    store.change = ring => ({
      ...ring,
      edited: { active: freshSecret().secret, retiring: [], suspended: [] },
    })
    for (let count = 0; count < 3; count += 1) {
      made.clock.advance(2_000)
      await live.reload()
    }
    expect(refused).toEqual(['ERR_RING_EDITED'])
    expect(live.freshness.age()).toBe(0)
    await settled()
    expect((await leaseIn(made))?.nack).toEqual({ generation: 1, code: 'ERR_RING_EDITED' })
    store.change = ring => ring
    await live.reload()
    await live.putLease()
    expect(await leaseIn(made)).not.toHaveProperty('nack')
  })

  it.each<readonly [string, (store: TamperedStore) => void]>([
    ['ERR_STORE_UNREACHABLE', store => (store.isDown = true)],
    ['ERR_STORE_MISSING', store => (store.change = () => undefined)],
  ])('no answer, with %s: told once for a whole outage', async (code, fail) => {
    const made = bench()
    const { live, store, refused } = await liveOn(made)
    fail(store)
    expect(await live.reload()).toBe(false)
    expect(await live.reload()).toBe(false)
    expect(refused).toEqual([code])
    expect(live.table.ring.document.generation).toBe(1)
  })
})
