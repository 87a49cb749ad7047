/** A way to the database that breaks, in every way in which one does. */
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { firstRing, held, nextRing, put, ringName } from '../../../keyturn/test/contract/contract-rings.ts'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { handleOn } from '../../test/contract/sql-handle.ts'
import { opened } from '../../test/fresh-database.ts'
import { embeddedPostgres, type PostgresServer } from '../../test/postgres.ts'
import { TcpProxy } from '../../test/tcp-proxy.ts'
import type { Database } from './open-database.ts'

const server = await embeddedPostgres()

async function behindProxy(
  of: PostgresServer,
): Promise<{ proxy: TcpProxy; database: Database; name: string }> {
  const name = await of.createDatabase()
  const proxy = await TcpProxy.to(of.port)
  const url = new URL(of.url(name))
  url.port = String(proxy.port)
  return { proxy, name, database: await opened({ data: temporaryFolder(), url: url.href }) }
}

describe.skipIf('cannot' in server)('a connection to PostgreSQL', () => {
  it('that breaks between two statements fails its transaction, and nothing else', async () => {
    if ('cannot' in server) return
    const { proxy, database } = await behindProxy(server)
    const broken = database.db.transaction().execute(async transaction => {
      await transaction.insertInto('meta').values({ name: 'a', value: 'b' }).execute()
      proxy.dropAll()
      // Nobody waits for an answer in this moment: the error has no query to go to.
      await new Promise(resolve => setTimeout(resolve, 200))
      await transaction.insertInto('meta').values({ name: 'c', value: 'd' }).execute()
    })
    await expect(broken).rejects.toThrow()
    expect(await database.db.selectFrom('meta').selectAll().execute()).toEqual([])
    await database.db.insertInto('meta').values({ name: 'a', value: 'b' }).execute()
  })

  it('that goes silent is given up after 10 s, and not used again', async () => {
    if ('cannot' in server) return
    const { proxy, database } = await behindProxy(server)
    await Promise.all(Array.from({ length: 10 }, () => sql`select pg_sleep(0.05)`.execute(database.db)))
    expect(proxy.connections).toBe(10)
    proxy.silence()
    const asked = Array.from({ length: 10 }, () => database.time())
    for (const each of asked) await expectError(() => each, 'ERR_STORE_UNREACHABLE')
    // New connections get through.
    const begun = performance.now()
    for (let turn = 0; turn < 20; turn += 1) await database.time()
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  it('that goes silent in a transaction leaves no row locked for longer than 10 s', async () => {
    if ('cannot' in server) return
    const { proxy, database, name } = await behindProxy(server)
    const other = await opened({ data: temporaryFolder(), url: server.url(name) })
    await other.db.insertInto('meta').values({ name: 'a', value: '0' }).execute()
    const stuck = database.db.transaction().execute(async transaction => {
      await transaction.updateTable('meta').set({ value: '1' }).execute()
      proxy.silence()
      await transaction.selectFrom('meta').selectAll().execute()
    })
    await expect(stuck).rejects.toThrow()
    let tries = 0
    for (; ; tries += 1) {
      const isDone = await other.db
        .updateTable('meta')
        .set({ value: '2' })
        .execute()
        .then(
          () => true,
          () => false,
        )
      if (isDone) break
      expect(tries).toBeLessThan(3)
    }
    expect(await other.db.selectFrom('meta').select('value').execute()).toEqual([{ value: '2' }])
  })

  it('that breaks when a change is made and its answer is on the way has made the change', async () => {
    if ('cannot' in server) return
    const { proxy, database } = await behindProxy(server)
    const { store, audit, end } = handleOn(database, ringName)
    end()
    const first = await put(store, firstRing())
    let isCommitting = false
    proxy.watch({
      request: chunk => {
        isCommitting ||= chunk.includes('commit')
        return true
      },
      reply: () => {
        if (!isCommitting) return true
        isCommitting = false
        proxy.dropAll()
        return false
      },
    })
    const second = await put(store, nextRing(first), first)
    expect((await held(store)).document).toStrictEqual(second.document)
    expect((await audit.read()).entries.map(({ generation }) => generation)).toEqual([1, 2])
    proxy.watch({})
    await put(store, nextRing(second), second)
  })

  it('that breaks before a change is made has changed nothing, and says so', async () => {
    if ('cannot' in server) return
    const { proxy, database } = await behindProxy(server)
    const { store, audit, end } = handleOn(database, ringName)
    end()
    const first = await put(store, firstRing())
    proxy.watch({
      request: chunk => {
        if (!chunk.includes('commit')) return true
        proxy.dropAll()
        return false
      },
    })
    await expectError(() => put(store, nextRing(first), first), 'ERR_STORE_UNREACHABLE')
    proxy.watch({})
    expect((await held(store)).document).toStrictEqual(first.document)
    expect((await audit.read()).entries).toHaveLength(1)
    await put(store, nextRing(first), first)
  })

  it('to a server that is killed and started again is made anew', async () => {
    if ('cannot' in server) return
    const { database } = await behindProxy(server)
    await database.db.insertInto('meta').values({ name: 'a', value: 'b' }).execute()
    for (const how of ['kill', 'fast'] as const) {
      await server.stop(how)
      await expectError(() => database.time(), 'ERR_STORE_UNREACHABLE')
      await server.start()
      expect(await database.time()).toBeGreaterThan(0)
      expect(await database.db.selectFrom('meta').selectAll().execute()).toHaveLength(1)
    }
  })
})
