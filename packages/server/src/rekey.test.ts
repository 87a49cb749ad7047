import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret, Secret } from 'keyturn'
import { change, initRing, readRing, type RotationContext } from 'keyturn/rotation'
import { systemClock } from 'keyturn/ports'
import { defaultLimits } from 'keyturn/ring'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../keyturn/test/contract/contract-rings.ts'
import { expectError } from '../../keyturn/test/expect-error.ts'
import { temporaryFolder } from '../../keyturn/test/temporary-folder.ts'
import { inSqlite, onPostgres } from '../test/fresh-database.ts'
import { embeddedPostgres } from '../test/postgres.ts'
import type { Database } from './database/open-database.ts'
import { openOffline } from './offline.ts'
import { rekey } from './rekey.ts'
import { LeaseQueue } from './rings/lease-queue.ts'
import { RingFeed } from './rings/ring-feed.ts'
import { ringOf } from './rings/ring-rows.ts'
import { readTrail } from './rings/sql-audit-log.ts'
import { sqlLeaseBoard } from './rings/sql-lease-board.ts'
import { sqlRingStore } from './rings/sql-ring-store.ts'
import { renewKeyFile } from './sealing/master-key-file.ts'
import { Sealer } from './sealing/sealer.ts'

const server = await embeddedPostgres()
const names = ['immonow/production', 'immonow/staging', 'other/production']
const grounds = { reason: 'a test' }

const contextOn = (database: Database, sealer: Sealer, ring: string): RotationContext => ({
  store: sqlRingStore(database, sealer, new RingFeed(database, sealer), ring),
  leases: sqlLeaseBoard(database, new LeaseQueue(database), ring),
  clock: systemClock,
  actor: 'a test',
})

const bump = (context: RotationContext) =>
  change(context, {
    deed: { action: 'test', ...grounds },
    apply: before => ({ ...before, generation: before.generation + 1 }),
  })

describe.each([inSqlite, onPostgres(server)].filter(({ isMissing }) => !isMissing))(
  'rekey in $name',
  kind => {
    const [old, fresh] = [new Secret(generateSecret()), new Secret(generateSecret())]
    const [before, both, after] = [new Sealer([old]), new Sealer([fresh, old]), new Sealer([fresh])]

    async function withRings() {
      const [here, there] = await kind.replicas(2)
      if (!here || !there) throw new Error('two replicas')
      for (const ring of names)
        await initRing(contextOn(here, before, ring), { ring, limits: defaultLimits, ...grounds })
      const rows = () => here.db.selectFrom('rings').selectAll().orderBy('name').execute()
      return { here, there, rows }
    }
    const storageOf = (database: Database) => ({ database, sealer: both, close: async () => undefined })

    it('seals every ring with the new key: it alone opens them, the old one is of no use', async () => {
      const { here, rows } = await withRings()
      const found = await rows()
      const secrets = found.map(row => textsOf(ringOf(row, before)))
      expect(await rekey(storageOf(here), {})).toEqual({ rings: 3 })
      const sealed = await rows()
      expect(sealed.map(row => textsOf(ringOf(row, after)))).toEqual(secrets)
      for (const row of sealed) await expectError(() => ringOf(row, before), 'ERR_HUB_MASTER_KEY')
      // Nothing else has changed.
      expect(sealed.map(row => ({ ...row, secrets: '' }))).toEqual(
        found.map(row => ({ ...row, secrets: '' })),
      )
      for (const ring of names) expect((await readTrail(here, ring)).entries).toHaveLength(1)
    })

    it('misses no ring that a hub with both keys changes meanwhile, and loses no change', async () => {
      const { here, there, rows } = await withRings()
      const done = new AbortController()
      const changes = names.map(async ring => {
        const context = contextOn(there, both, ring)
        let made = 0
        for (; !done.signal.aborted || made < 5; made += 1) await bump(context)
        return made
      })
      await rekey(storageOf(here), {})
      done.abort()
      const made = await Promise.all(changes)
      const sealed = await rows()
      for (const [index, row] of sealed.entries()) {
        expect(ringOf(row, after).document.generation).toBe(1 + (made[index] ?? 0))
        await expectError(() => ringOf(row, before), 'ERR_HUB_MASTER_KEY')
        const { entries, notes } = await readTrail(here, row.name)
        expect([entries.length, notes]).toEqual([row.generation, []])
      }
    })

    // In SQLite nobody comes between a read and a write of the one connection that there is.
    it.skipIf(kind === inSqlite)('keeps a change that came between its read and its write', async () => {
      const { here, there, rows } = await withRings()
      const missed = new Set(names)
      const db = here.db.withPlugin({
        transformQuery: ({ node }) => node,
        transformResult: async ({ result }) => {
          const ring = String(result.rows[0]?.['name'])
          if (result.rows[0]?.['secrets'] !== undefined && missed.delete(ring))
            await bump(contextOn(there, both, ring))
          return result
        },
      })
      await rekey(storageOf({ ...here, db }), {})
      expect(missed.size).toBe(0)
      for (const row of await rows()) expect(ringOf(row, after).document.generation).toBe(2)
    })

    it('changes nothing when a ring was sealed with a key that is not there', async () => {
      const { here, rows } = await withRings()
      const found = await rows()
      const stranger = new Sealer([fresh, new Secret(generateSecret())])
      await expectError(() => rekey({ ...storageOf(here), sealer: stranger }, {}), 'ERR_HUB_MASTER_KEY')
      expect(await rows()).toEqual(found)
    })
  },
)

describe('rekey of a data folder', () => {
  async function folderWithRing() {
    const data = temporaryFolder()
    const hub = await openOffline({ data, env: {}, create: true })
    await initRing(hub.contextOf('a/b', 'a test'), { ring: 'a/b', limits: defaultLimits, ...grounds })
    await hub.close()
    return { data, key: join(data, 'master.key'), previous: join(data, 'master.key.previous') }
  }

  it('puts a new master.key in place, and the old one opens nothing any more', async () => {
    const { data, key, previous } = await folderWithRing()
    const copy = join(temporaryFolder(), 'copy')
    copyFileSync(key, copy)
    const hub = await openOffline({ data, env: {} })
    expect(await hub.rekey()).toEqual({ rings: 1 })
    await hub.close()
    expect(readFileSync(key, 'utf8')).not.toBe(readFileSync(copy, 'utf8'))
    expect(statSync(key).mode & 0o777).toBe(0o600)
    expect(existsSync(previous)).toBe(false)

    const again = await openOffline({ data, env: {} })
    expect((await readRing(again.contextOf('a/b', 'a test').store)).secrets.size).toBe(1)
    await again.close()
    const renewed = readFileSync(key, 'utf8')
    copyFileSync(copy, key)
    await expectError(() => openOffline({ data, env: {} }), 'ERR_HUB_MASTER_KEY')
    writeFileSync(key, renewed)
    await (await openOffline({ data, env: {} })).close()
  })

  it('is finished by the next one when a crash came between', async () => {
    const { data, previous } = await folderWithRing()
    renewKeyFile(data)
    expect(existsSync(previous)).toBe(true)
    const hub = await openOffline({ data, env: {} })
    expect((await readRing(hub.contextOf('a/b', 'a test').store)).secrets.size).toBe(1)
    await hub.rekey()
    await hub.close()
    expect(existsSync(previous)).toBe(false)
    const again = await openOffline({ data, env: {} })
    expect((await readRing(again.contextOf('a/b', 'a test').store)).secrets.size).toBe(1)
    await again.close()
  })
})
