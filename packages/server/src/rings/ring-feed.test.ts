import { generateSecret, Secret } from 'keyturn'
import { expectedOf } from 'keyturn/ports'
import { beginEpoch } from 'keyturn/rotation'
import { describe, expect, it } from 'vitest'
import { firstRing, nextRing, put, ringName } from '../../../keyturn/test/contract/contract-rings.ts'
import { contextOf } from '../../../keyturn/test/contract/contract-context.ts'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { backUpRow } from '../../test/contract/sql-rows.ts'
import { inSqlite, onPostgres } from '../../test/fresh-database.ts'
import { embeddedPostgres } from '../../test/postgres.ts'
import { otherName, otherRing, replicaOn, until } from '../../test/replica.ts'
import { Sealer } from '../sealing/sealer.ts'
import { RingFeed } from './ring-feed.ts'

const server = await embeddedPostgres()

describe.each([inSqlite, onPostgres(server)].filter(({ isMissing }) => !isMissing))(
  'RingFeed in $name',
  kind => {
    async function pair() {
      const [one, two] = await kind.replicas(2)
      if (!one || !two) throw new Error('two replicas')
      return { database: one, here: replicaOn(one), there: replicaOn(two) }
    }

    it('asks the database once or twice for a thousand who ask at once', async () => {
      const { here, there } = await pair()
      const ring = await put(here.store, firstRing())
      for (let round = 1; round <= 5; round += 1) {
        const before = there.feed.reads
        const all = await Promise.all(Array.from({ length: 1000 }, () => there.feed.confirmed(ringName)))
        expect(new Set(all.map(held => held?.state.hash))).toEqual(new Set([expectedOf(ring.document).hash]))
        expect(there.feed.reads - before).toBeLessThanOrEqual(2)
      }
    })

    it('a thousand who ask over and over make no more reads than there are turns', async () => {
      const { here, there } = await pair()
      await put(here.store, firstRing())
      const turns = 10
      const asker = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn += 1) await there.feed.confirmed(ringName)
      }
      await Promise.all(Array.from({ length: 1000 }, asker))
      expect(there.feed.reads).toBeLessThanOrEqual(2 * turns)
    })

    it('answers with what was committed before it was asked, however many looks are under way', async () => {
      const { here, there } = await pair()
      let ring = await put(here.store, firstRing())
      const noise = new AbortController()
      const asking = (async () => {
        while (!noise.signal.aborted) await there.feed.confirmed(ringName)
      })()
      for (let turn = 0; turn < 30; turn += 1) {
        ring = await put(here.store, nextRing(ring), ring)
        expect((await there.feed.confirmed(ringName))?.state.generation).toBe(ring.document.generation)
      }
      noise.abort()
      await asking
    })

    it('reads a ring again only when it has changed', async () => {
      const { here, there } = await pair()
      const ring = await put(here.store, firstRing())
      const [first, again] = [await there.feed.confirmed(ringName), await there.feed.confirmed(ringName)]
      expect(again).toBe(first)
      await put(here.store, nextRing(ring), ring)
      expect(await there.feed.confirmed(ringName)).not.toBe(first)
    })

    it('pushes an own commit before the commit is answered, and asks nobody', async () => {
      const { here } = await pair()
      const ring = await put(here.store, firstRing())
      const pushed: number[] = []
      here.feed.subscribe(ringName, ({ generation }) => pushed.push(generation))
      const before = here.feed.reads
      await put(here.store, nextRing(ring), ring)
      expect([pushed, here.feed.reads - before]).toEqual([[2], 0])
      expect(here.feed.known(ringName)?.ring.document.generation).toBe(2)
    })

    it('hears of a commit by another replica while it polls, once each, until it is stopped', async () => {
      const { here, there } = await pair()
      const heard: number[] = []
      const stop = there.feed.subscribe(ringName, ({ generation }) => heard.push(generation))
      there.feed.start()
      let ring = await put(here.store, firstRing())
      await until(() => heard.length === 1)
      ring = await put(here.store, nextRing(ring), ring)
      await until(() => heard.length === 2)
      const before = there.feed.reads
      await until(() => there.feed.reads > before + 1)
      expect(heard).toEqual([1, 2])
      stop()
      ring = await put(here.store, nextRing(ring), ring)
      await until(() => there.feed.known(ringName)?.state.generation === 3)
      expect(heard).toEqual([1, 2])
      expect(there.feed.names).toEqual([ringName])
    })

    it('holds a ring that was set back as halted, for every replica, until a new epoch begins', async () => {
      const { database, here, there } = await pair()
      const first = await put(here.store, firstRing())
      const putBack = await backUpRow(database, ringName)
      const second = await put(here.store, nextRing(first), first)
      expect((await there.feed.confirmed(ringName))?.state.generation).toBe(2)
      await putBack()

      const seen = await there.feed.confirmed(ringName)
      expect(seen?.ring.document).toStrictEqual(first.document)
      expect(seen?.halted).toContain('generation 1 of epoch 0')
      // A replica that begins now has never seen the newer ring.
      const fresh = replicaOn(database)
      for (const { feed, store } of [here, there, fresh]) {
        expect((await feed.confirmed(ringName))?.halted).not.toBeNull()
        await expectError(() => put(store, nextRing(first), first), 'ERR_RING_REGRESSED')
      }

      const begun = await beginEpoch(contextOf(fresh), { reason: 'a test' })
      expect([begun.epoch, begun.generation > second.document.generation]).toEqual([1, true])
      for (const { feed } of [here, there, fresh]) {
        const held = await feed.confirmed(ringName)
        expect([held?.state.epoch, held?.halted]).toEqual([1, null])
      }
    })

    it('holds another ring of the same generation as halted', async () => {
      const { database, here, there } = await pair()
      const first = await put(here.store, firstRing())
      const putBack = await backUpRow(database, ringName)
      await put(here.store, nextRing(first), first)
      await there.feed.confirmed(ringName)
      await putBack()
      // As a hub that knew nothing of the trail would go on.
      await database.db.deleteFrom('audit').where('generation', '=', 2).execute()
      await put(replicaOn(database).store, nextRing(first), first)
      expect((await there.feed.confirmed(ringName))?.halted).toContain('generation 2 of epoch 0')
    })

    it('takes no ring that is gone from the database for the newest', async () => {
      const { database, here, there } = await pair()
      const ring = await put(here.store, firstRing())
      await there.feed.confirmed(ringName)
      const [row] = await database.db.selectFrom('rings').selectAll().execute()
      await database.db.deleteFrom('rings').execute()
      expect((await there.feed.confirmed(ringName))?.halted).toContain(`no ring ${ringName}`)
      await expectError(() => put(there.store, nextRing(ring), ring), 'ERR_RING_CONFLICT')
      if (row) await database.db.insertInto('rings').values(row).execute()
      expect((await there.feed.confirmed(ringName))?.halted).toBeNull()
    })

    it('a ring that cannot be opened harms no other, and is taken again when it can', async () => {
      const { database, here, there } = await pair()
      const [ring, other] = [firstRing(), otherRing()]
      await put(here.store, ring)
      await put(here.store, other)
      const putBack = await backUpRow(database, ringName)
      await database.db.updateTable('rings').set({ secrets: '{}' }).where('name', '=', ringName).execute()
      for (let turn = 0; turn < 2; turn += 1) {
        await expectError(() => there.feed.confirmed(ringName), 'ERR_HUB_SEAL')
        expect((await there.feed.confirmed(otherName))?.ring.document).toStrictEqual(other.document)
      }
      await putBack()
      expect((await there.feed.confirmed(ringName))?.ring.document).toStrictEqual(ring.document)

      const stranger = new RingFeed(database, new Sealer([new Secret(generateSecret())]))
      await expectError(() => stranger.confirmed(ringName), 'ERR_HUB_MASTER_KEY')
    })

    it('knows how long the database has been silent', async () => {
      const { here } = await pair()
      expect(here.feed.silence).toBe(Infinity)
      await here.feed.refresh()
      expect(here.feed.silence).toBeLessThan(60_000)
      expect(here.feed.silence).toBeGreaterThanOrEqual(0)
    })
  },
)
