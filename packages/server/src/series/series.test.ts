import { describe, expect, it } from 'vitest'
import { firstRing, put, ringName } from '../../../keyturn/test/contract/contract-rings.ts'
import { handleOn } from '../../test/contract/sql-handle.ts'
import { inSqlite, onPostgres } from '../../test/fresh-database.ts'
import { embeddedPostgres } from '../../test/postgres.ts'
import type { SeriesCount } from './counters-between.ts'
import { addToSeries, liveTokens, readSeries, trimSeries } from './series.ts'

const server = await embeddedPostgres()
const ring = firstRing()
const kid = ring.document.keys[0]?.kid ?? ''
const minute = 60_000

describe.each([inSqlite, onPostgres(server)].filter(({ isMissing }) => !isMissing))(
  'series in $name',
  kind => {
    async function withRing() {
      const [database] = await kind.replicas(1)
      if (!database) throw new Error('no database')
      const { store, end } = handleOn(database, ringName)
      await put(store, ring)
      end()
      const add = (...counts: Pick<SeriesCount, 'kind' | 'label' | 'count'>[]) =>
        addToSeries(
          database.db,
          database,
          counts.map(each => ({ ring: ringName, ...each })),
        )
      const at = (minutesAgo: number, count: number) =>
        database.db
          .insertInto('series')
          .values({ ring: ringName, minute: now - minutesAgo, kind: 'verified', label: kid, count })
          .execute()
      const now = Math.floor((await database.time()) / minute)
      const read = (from: number, to: number, step = 1) =>
        readSeries(database, ringName, { from: from * minute, to: to * minute }, step)
      return { database, now, add, at, read }
    }

    it('adds to the minute of the database, and shows every kind by its labels', async () => {
      const { now, add, read } = await withRing()
      await add(
        { kind: 'verified', label: kid, count: 5 },
        { kind: 'verified', label: kid, count: 2 },
        { kind: 'signed', label: kid, count: 3 },
        { kind: 'rejected', label: 'ERR_TOKEN_EXPIRED', count: 1 },
        { kind: 'login', label: 'succeeded', count: 4 },
        { kind: 'login', label: 'failed', count: 6 },
      )
      await add({ kind: 'login', label: 'failed', count: 1 })
      await add()
      const buckets = await read(now - 1, now + 5)
      // A minute may have ended in between.
      expect(buckets.length).toBeLessThanOrEqual(2)
      expect(buckets[0]?.at).toMatch(/:00\.000Z$/)
      const sum = (pick: (bucket: (typeof buckets)[number]) => number | undefined) =>
        buckets.reduce((total, bucket) => total + (pick(bucket) ?? 0), 0)
      expect([
        sum(({ verified }) => verified[kid]),
        sum(({ signed }) => signed[kid]),
        sum(({ rejected }) => rejected['ERR_TOKEN_EXPIRED']),
        sum(({ loginsSucceeded }) => loginsSucceeded),
        sum(({ loginsFailed }) => loginsFailed),
      ]).toEqual([7, 3, 1, 4, 7])
    })

    it('leaves out kids that no ring has, and rings that are not there', async () => {
      const { database, add } = await withRing()
      await add({ kind: 'verified', label: 'made-up', count: 5 }, { kind: 'signed', label: '', count: 1 })
      await addToSeries(database.db, database, [
        { ring: 'no/ring', kind: 'login', label: 'failed', count: 1 },
      ])
      expect(await database.db.selectFrom('series').selectAll().execute()).toEqual([])
    })

    it('shows the minutes of a range, in steps', async () => {
      const { now, at, read } = await withRing()
      for (const [ago, count] of [
        [100, 1],
        [31, 2],
        [30, 3],
        [1, 4],
      ] as const)
        await at(ago, count)
      const counts = async (from: number, to: number, step?: number) =>
        (await read(now - from, now - to, step)).map(({ verified }) => verified[kid])
      expect(await counts(200, 0)).toEqual([1, 2, 3, 4])
      expect(await counts(31, 30)).toEqual([2, 3])
      expect(await counts(30, 2)).toEqual([3])
      const hours = await read(now - 200, now, 60)
      expect(hours.reduce((sum, { verified }) => sum + (verified[kid] ?? 0), 0)).toBe(10)
      for (const each of hours) expect(new Date(each.at).getTime() % (60 * minute)).toBe(0)
    })

    it('knows how many tokens may be live', async () => {
      const { database, now, at } = await withRing()
      const { maxTokenLife } = ring.document.limits
      const live = () => liveTokens(database, ring.document, now * minute)
      expect(await live()).toBe(0)
      const signed = (minutesAgo: number, label: string, count: number) =>
        database.db
          .insertInto('series')
          .values({ ring: ringName, minute: now - minutesAgo, kind: 'signed', label, count })
          .execute()
      await at(0, 1000)
      await signed(0, kid, 1)
      await signed(0, 'former', 20)
      await signed(Math.floor(maxTokenLife / 60), kid, 300)
      await signed(Math.floor(maxTokenLife / 60) + 1, kid, 4000)
      expect(await live()).toBe(321)
    })

    it('forgets what is older than 48 hours, and nothing else', async () => {
      const { database, now, at } = await withRing()
      const kept = 48 * 60
      for (const ago of [0, 1, kept - 2, kept + 2, kept + 3, 10 * kept]) await at(ago, 1)
      await trimSeries(database)
      const rows = await database.db.selectFrom('series').select('minute').orderBy('minute').execute()
      expect(rows.map(row => now - row.minute)).toEqual([kept - 2, 1, 0])
    })
  },
)
