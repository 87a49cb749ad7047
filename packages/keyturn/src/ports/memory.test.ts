/** The reference implementations keep what the ports promise. */
import { describe, expect, it } from 'vitest'
import { leaseOf } from '../../test/fleet-fixtures.ts'
import { freshRing, freshSecret, hour, limits, newKey, now } from '../../test/ring-fixtures.ts'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { emptyDocument } from '../ring/adopt.ts'
import { advance } from '../ring/advance.ts'
import { emergency } from '../ring/emergency.ts'
import type { AuditEntry } from '../ring/document.ts'
import { expectedOf } from './hash.ts'
import { memoryAudit, memoryLeases, memoryStore } from './memory.ts'
import type { Ring } from './ring-store.ts'

const entryOf = (generation: number, reason = 'a test', epoch = 0): AuditEntry => ({
  v: 1,
  ring: 'immonow/production',
  epoch,
  generation,
  at: '2027-01-15T08:00:00.000Z',
  action: 'init',
  actor: 'a test',
  reason,
  keys: [],
  cutoff: 0,
  prev: '',
})
const next = ({ document, secrets }: Ring, nonce = ''): Ring => ({
  document: { ...advance(document, {}), nonce },
  secrets,
})

describe('memoryStore', () => {
  const ring = freshRing()

  it('reads nothing until a first ring is put in place', async () => {
    const store = memoryStore()
    expect(await store.read()).toBeUndefined()
    await store.compareAndSwap({ epoch: 0, generation: 0, hash: '' }, ring)
    expect(await store.read()).toEqual(ring)
  })

  it.each([
    ['another generation', { generation: 7 }],
    ['another epoch', { epoch: 1 }],
    ['the same generation with another hash', { hash: 'x' }],
  ])('refuses a swap that expects %s, and changes nothing', async (_, change) => {
    const store = memoryStore({ ring })
    const swap = store.compareAndSwap({ ...expectedOf(ring.document), ...change }, next(ring))
    await expect(swap).rejects.toMatchObject({ name: 'RingError', code: 'ERR_RING_CONFLICT' })
    expect(await store.read()).toBe(ring)
  })

  it('refuses a swap in an empty store that expects a ring', async () => {
    const swap = memoryStore().compareAndSwap(expectedOf(ring.document), next(ring))
    await expect(swap).rejects.toMatchObject({ code: 'ERR_RING_CONFLICT' })
  })

  it('has one winner of many swaps at once', async () => {
    const store = memoryStore({ ring })
    const swaps = Array.from({ length: 20 }, (_, index) =>
      store.compareAndSwap(expectedOf(ring.document), next(ring, String(index))),
    )
    const results = await Promise.allSettled(swaps)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await store.read()).toMatchObject({ document: { generation: 2, nonce: '0' } })
  })

  it('erases the secrets of keys without bytes', async () => {
    const store = memoryStore({ ring })
    const { kid, secret } = freshSecret()
    const document = emergency(ring.document, { fresh: newKey(kid), now })
    await store.compareAndSwap(expectedOf(ring.document), {
      document,
      secrets: new Map([...ring.secrets, [kid, secret]]),
    })
    expect([...((await store.read())?.secrets.keys() ?? [])]).toEqual([kid])
  })

  it('hints at every change until the watcher stops', async () => {
    const store = memoryStore({ ring })
    const hints: number[] = []
    const stop = store.watch?.(() => hints.push(hints.length))
    await store.compareAndSwap(expectedOf(ring.document), next(ring))
    stop?.()
    await store.compareAndSwap(expectedOf(next(ring).document), next(next(ring)))
    expect(hints).toEqual([0])
  })

  it('writes the entry of the change to the trail', async () => {
    const audit = memoryAudit()
    const store = memoryStore({ ring, audit })
    const document = { ...next(ring).document, audit: entryOf(2) }
    await store.compareAndSwap(expectedOf(ring.document), { ...ring, document })
    expect((await audit.read()).entries).toEqual([entryOf(2)])
  })

  it('keeps the ring that it has when the trail refuses the entry of the next', async () => {
    const audit = memoryAudit()
    await audit.append(entryOf(2, 'of another ring'))
    const store = memoryStore({ ring, audit })
    const document = { ...next(ring).document, audit: entryOf(2) }
    await expect(
      store.compareAndSwap(expectedOf(ring.document), { ...ring, document }),
    ).rejects.toMatchObject({
      code: 'ERR_RING_REGRESSED',
    })
    expect(await store.read()).toBe(ring)
  })

  it('stamps with its own clock', async () => {
    expect(await memoryStore({ clock: new VirtualClock(now * 1000) }).now()).toBe(now * 1000)
  })
})

describe('memoryLeases', () => {
  it('stamps a lease when it is stored, keeps the newest of an instance, and forgets it on request', async () => {
    const clock = new VirtualClock(now * 1000)
    const board = memoryLeases(clock)
    const ring: Ring = { document: emptyDocument('immonow/production', limits), secrets: new Map() }
    await board.put(leaseOf(ring, 'a', 5))
    clock.advance(hour)
    await board.put(leaseOf(ring, 'b', 5))
    await board.put(leaseOf(ring, 'a', 6))
    expect((await board.list()).map(({ instance, sentAt, seenAt }) => [instance, sentAt, seenAt])).toEqual([
      ['a', 6, now * 1000 + hour],
      ['b', 5, now * 1000 + hour],
    ])
    await board.remove('a')
    await board.remove('a')
    expect((await board.list()).map(({ instance }) => instance)).toEqual(['b'])
  })
})

describe('memoryAudit', () => {
  it('holds an entry once, and refuses another one of its epoch and generation', async () => {
    const audit = memoryAudit()
    for (const entry of [entryOf(1, 'first'), entryOf(1, 'first'), entryOf(1, 'restored', 1)])
      await audit.append(entry)
    await expect(audit.append(entryOf(1, 'second'))).rejects.toMatchObject({ code: 'ERR_RING_REGRESSED' })
    expect((await audit.read()).entries.map(({ reason }) => reason)).toEqual(['first', 'restored'])
  })
})
