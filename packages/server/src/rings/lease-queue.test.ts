/** A lease that shows what the database does not have halts changes of its ring. */
import { initRing } from 'keyturn/rotation'
import { noCounters, hashOf, systemClock, type Lease } from 'keyturn/ports'
import { defaultLimits } from 'keyturn/ring'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { databaseKinds, temporaryDatabase } from '../../test/temporary-database.ts'
import { handleOn } from '../../test/contract/sql-handle.ts'
import { LeaseQueue } from './lease-queue.ts'

const ring = 'immonow/production'

const leaseOf = (more: Partial<Lease>): Lease => ({
  v: 1,
  instance: 'one',
  ring,
  epoch: 0,
  generation: 1,
  kids: [],
  proofs: {},
  process: { host: 'host', boot: 'boot', namespace: 'pid', pid: 1, start: '1' },
  startedAt: 1,
  sentAt: 1,
  counters: noCounters,
  role: 'instance',
  ...more,
})

describe.each(databaseKinds)('names of instances in %s', kind => {
  it('are limited, and make room when they have been silent for long', async () => {
    const database = await temporaryDatabase(kind)
    const { store, leases, end } = handleOn(database, ring)
    const context = { store, leases, clock: systemClock, actor: 'a test' }
    await initRing(context, { ring, limits: defaultLimits, reason: 'a test' })
    end()
    const queue = new LeaseQueue(database, { most: 3 })
    const put = (instance: string, more: Partial<Lease> = {}): Promise<void> =>
      queue.put(leaseOf({ instance, ...more }))
    const answers = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(name => put(name)))
    expect(answers.map(({ status }) => status)).toEqual([
      ...Array<string>(3).fill('fulfilled'),
      ...Array<string>(2).fill('rejected'),
    ])
    await expectError(() => put('d'), 'ERR_FLEET_FULL')
    // Who is known goes on, and so does whoever runs a rotation.
    await put('a', { sentAt: 2 })
    await put('controller', { role: 'controller' })
    const long = (defaultLimits.maxStale + defaultLimits.lease) * 1000 + 1
    const rows = database.db.updateTable('leases').set({ seen_at: (await database.time()) - long })
    await rows.where('instance', 'in', ['b', 'c']).execute()
    await put('d')
    const names = await database.db.selectFrom('leases').select('instance').orderBy('instance').execute()
    expect(names.map(({ instance }) => instance)).toEqual(['a', 'controller', 'd'])
  })
})

describe.each(databaseKinds)('leases in %s', kind => {
  /** What halts the ring after an instance has shown this. */
  async function haltedBy(more: (hash: string) => Partial<Lease>): Promise<string | null | undefined> {
    const database = await temporaryDatabase(kind)
    const { store, leases, end } = handleOn(database, ring)
    const context = { store, leases, clock: systemClock, actor: 'a test' }
    const { document } = await initRing(context, { ring, limits: defaultLimits, reason: 'a test' })
    end()
    const told: string[] = []
    const queue = new LeaseQueue(database, { onHalt: (_, why) => told.push(why) })
    await queue.put(leaseOf(more(hashOf(document))))
    const row = await database.db.selectFrom('rings').select('halted').executeTakeFirst()
    expect(told).toEqual(row?.halted === null ? [] : [row?.halted])
    return row?.halted
  }

  it.each<readonly [string, Partial<Lease>, string]>([
    ['a later generation', { generation: 2 }, 'one has seen generation 2 of epoch 0'],
    ['a later epoch', { epoch: 1 }, 'one has seen generation 1 of epoch 1'],
    [
      'another ring of that generation',
      { hash: 'x'.repeat(43) },
      'one holds another ring of that generation',
    ],
  ])('%s halts changes', async (_, more, why) => {
    expect(await haltedBy(() => more)).toContain(why)
  })

  it.each<readonly [string, (hash: string) => Partial<Lease>]>([
    ['this ring', hash => ({ hash })],
    ['this generation of an instance that does not say which ring', () => ({})],
    ['an earlier ring', () => ({ generation: 0, hash: 'x' })],
  ])('%s halts nothing', async (_, more) => {
    expect(await haltedBy(more)).toBeNull()
  })
})
