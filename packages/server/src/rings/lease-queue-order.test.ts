/** Leases of many instances at once: each stored, in the order of the calls, and counted once. */
import type { Counters, Lease } from 'keyturn/ports'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { firstRing, put, ringName } from '../../../keyturn/test/contract/contract-rings.ts'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { leaseOf } from '../../../keyturn/test/fleet-fixtures.ts'
import { handleOn } from '../../test/contract/sql-handle.ts'
import { inSqlite, onPostgres } from '../../test/fresh-database.ts'
import { embeddedPostgres } from '../../test/postgres.ts'
import type { Database } from '../database/open-database.ts'
import { readSeries } from '../series/series.ts'
import type { SeriesCount } from '../series/counters-between.ts'
import { LeaseQueue } from './lease-queue.ts'
import { sqlLeaseBoard } from './sql-lease-board.ts'

const server = await embeddedPostgres()
const ring = firstRing()
const kid = ring.document.keys[0]?.kid ?? ''

const lease = (instance: string, more: Partial<Lease> = {}): Lease => ({
  ...leaseOf(ring, instance, 1),
  ...more,
})
const counting = (verified: number, more: Partial<Counters> = {}): Pick<Lease, 'counters'> => ({
  counters: {
    verified: { [kid]: verified },
    rejected: {},
    signed: {},
    loginsSucceeded: 0,
    loginsFailed: 0,
    unexpectedSignOuts: 0,
    ...more,
  },
})

const verifiedIn = async (database: Database): Promise<number> => {
  const buckets = await readSeries(database, ringName, { from: 0, to: Date.now() + 600_000 }, 1)
  return buckets.reduce((sum, { verified }) => sum + (verified[kid] ?? 0), 0)
}

describe.each([inSqlite, onPostgres(server)].filter(({ isMissing }) => !isMissing))(
  'LeaseQueue in $name',
  kind => {
    /** So many replicas over a database with the ring. */
    async function replicas(count: number) {
      const databases = await kind.replicas(count)
      const [database] = databases
      if (!database) throw new Error('no database')
      const { store, end } = handleOn(database, ringName)
      await put(store, ring)
      end()
      return {
        database,
        queues: databases.map(each => new LeaseQueue(each)),
        list: async () => sqlLeaseBoard(database, new LeaseQueue(database), ringName).list(),
      }
    }

    it('stores and acknowledges two thousand leases that come at once', async () => {
      const { queues, list } = await replicas(2)
      const names = Array.from({ length: 2000 }, (_, index) => `instance-${index}`)
      let acknowledged = 0
      await Promise.all(
        names.map(async (name, index) => {
          await queues[index % 2]?.put(lease(name, { sentAt: index }))
          acknowledged += 1
        }),
      )
      expect(acknowledged).toBe(2000)
      const found = await list()
      expect(new Map(found.map(each => [each.instance, each.sentAt]))).toEqual(
        new Map(names.map((name, index) => [name, index])),
      )
    })

    it('an acknowledged lease is stored, and whoever sends the next one at once is answered as well', async () => {
      const { queues, list } = await replicas(1)
      for (let turn = 1; turn <= 50; turn += 1) {
        await queues[0]?.put(lease('one', { sentAt: turn }))
        expect((await list()).map(({ sentAt }) => sentAt)).toEqual([turn])
      }
      for (let turn = 0; turn < 50; turn += 1) await queues[0]?.put(lease('one', { sentAt: 99 }))
    })

    it('of several leases of an instance the last call stands, however they are batched', async () => {
      const { queues, list } = await replicas(1)
      const puts: Promise<void>[] = []
      for (let generation = 1; generation <= 4; generation += 1)
        for (let index = 0; index < 150; index += 1)
          puts.push(
            queues[0]?.put(lease(`instance-${index}`, { generation: generation % 2, sentAt: generation })) ??
              never(),
          )
      await Promise.all(puts)
      expect(new Set((await list()).map(({ sentAt }) => sentAt))).toEqual(new Set([4]))
      expect(await list()).toHaveLength(150)
    })

    it('removes in the order of the calls', async () => {
      const { queues, list } = await replicas(1)
      const [queue] = queues
      if (!queue) throw never()
      await Promise.all([
        queue.put(lease('goes')),
        queue.remove(ringName, 'goes'),
        queue.put(lease('comes back')),
        queue.remove(ringName, 'comes back'),
        queue.put(lease('comes back', { sentAt: 2 })),
        queue.remove(ringName, 'was never there'),
      ])
      expect((await list()).map(({ instance, sentAt }) => [instance, sentAt])).toEqual([['comes back', 2]])
      await queue.remove(ringName, 'comes back')
      expect(await list()).toEqual([])
    })

    it('tells everybody of a batch that could not be written, and goes on when it can', async () => {
      const { database, queues, list } = await replicas(1)
      await sql`alter table leases rename to elsewhere`.execute(database.db)
      const puts = ['one', 'two', 'three'].map(name => queues[0]?.put(lease(name)))
      for (const each of puts) await expectError(() => each, 'ERR_STORE_UNREACHABLE')
      await sql`alter table elsewhere rename to leases`.execute(database.db)
      await queues[0]?.put(lease('four'))
      expect((await list()).map(({ instance }) => instance)).toEqual(['four'])
    })

    it('replicas that write the same counters in any order wait for each other, and lose nothing', async () => {
      const { database, queues } = await replicas(3)
      const rounds = 10
      await Promise.all(
        queues.map(async (queue, replica) => {
          for (let round = 1; round <= rounds; round += 1)
            await Promise.all(
              Array.from({ length: 30 }, (_, index) =>
                queue.put(lease(`${replica}-${index}`, { ...counting(round), startedAt: 1 })),
              ),
            )
        }),
      )
      expect(await verifiedIn(database)).toBe(3 * 30 * rounds)
    })

    it('counts what a process has counted since its last lease, and another process of that name from the beginning', async () => {
      const { database } = await replicas(1)
      const told: SeriesCount[] = []
      const queue = new LeaseQueue(database, { onCounts: counts => told.push(...counts) })
      const put = (verified: number, more: Partial<Lease> = {}) =>
        queue.put(lease('one', { startedAt: 1, ...counting(verified), ...more }))
      const expectSum = async (sum: number) => expect(await verifiedIn(database)).toBe(sum)
      await put(5)
      await expectSum(5)
      await put(5)
      await put(8)
      await expectSum(8)
      // Another process begins at 0.
      await put(3, { startedAt: 2 })
      await expectSum(11)
      const { process } = lease('one')
      await put(2, { startedAt: 2, process: { ...process, start: '2' } })
      await expectSum(13)
      // Nobody counts backwards, nor so far.
      for (const absurd of [-5, 1e15, 0.5]) await put(absurd, { startedAt: 3 })
      await expectSum(13)
      await queue.put(lease('a controller', { role: 'controller', ...counting(100) }))
      await expectSum(13)
      expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(13)
    })
  },
)

function never(): never {
  throw new Error('there is a queue')
}
