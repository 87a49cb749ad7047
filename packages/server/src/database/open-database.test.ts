import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { inSqlite, onPostgres, opened } from '../../test/fresh-database.ts'
import { embeddedPostgres } from '../../test/postgres.ts'
import { databasePath, openDatabase } from './open-database.ts'

const server = await embeddedPostgres()

const kinds = [inSqlite, onPostgres(server)].filter(({ isMissing }) => !isMissing)

describe.each(kinds)('openDatabase in $name', kind => {
  it('makes its tables once, and keeps what is in them', async () => {
    const options = await kind.options()
    const first = await opened(options)
    await first.db.insertInto('meta').values({ name: 'a', value: 'b' }).execute()
    await first.close()
    for (let turn = 0; turn < 2; turn += 1) {
      const again = await opened(options)
      expect(await again.db.selectFrom('meta').selectAll().execute()).toEqual([{ name: 'a', value: 'b' }])
      await again.close()
    }
  })

  it('goes on with tables that a crash has left half made', async () => {
    const options = await kind.options()
    const { db, close } = await opened(options)
    for (const table of ['meta', 'events', 'series']) await db.schema.dropTable(table).execute()
    await sql`delete from kysely_migration`.execute(db)
    await close()
    const again = await opened(options)
    expect(await again.db.selectFrom('series').selectAll().execute()).toEqual([])
    expect(await again.db.selectFrom('meta').selectAll().execute()).toEqual([])
  })

  it('refuses a database that a later version has written, and changes nothing in it', async () => {
    const options = await kind.options()
    const { db, close } = await opened(options)
    await sql`insert into kysely_migration values ('2999-01-later', '2999')`.execute(db)
    await db.insertInto('meta').values({ name: 'a', value: 'b' }).execute()
    await close()
    const message = await expectError(() => openDatabase(options), 'ERR_HUB_DATABASE')
    expect(message).toContain('later version')
  })

  it('tells the time of the database, and counts and times as numbers', async () => {
    const database = await opened(await kind.options())
    const now = await database.time()
    expect(Number.isSafeInteger(now)).toBe(true)
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000)
    const row = { hash: 'h', operator: null, expires_at: 2 ** 52 }
    await database.db.insertInto('links').values(row).execute()
    expect(await database.db.selectFrom('links').selectAll().execute()).toEqual([row])
  })
})

describe('openDatabase in SQLite', () => {
  it('writes ahead to a log, and syncs before a commit is answered', async () => {
    const { db } = await opened({ data: temporaryFolder() })
    const pragma = async (name: string) =>
      Object.values((await sql.raw<object>(`pragma ${name}`).execute(db)).rows[0] ?? {})[0] as unknown
    expect(await pragma('journal_mode')).toBe('wal')
    // 2 is FULL.
    expect(await pragma('synchronous')).toBe(2)
  })

  it('makes folder and files for its owner alone', async () => {
    const data = join(temporaryFolder(), 'new/data')
    const { db } = await opened({ data })
    await db.insertInto('meta').values({ name: 'a', value: 'b' }).execute()
    expect(statSync(data).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(data))
      expect([name, statSync(join(data, name)).mode & 0o077]).toEqual([name, 0])
    expect(readdirSync(data).length).toBeGreaterThan(0)
  })

  it('takes a file from others that could read it', async () => {
    const data = temporaryFolder()
    writeFileSync(databasePath(data), '')
    chmodSync(databasePath(data), 0o666)
    await opened({ data })
    expect(statSync(databasePath(data)).mode & 0o777).toBe(0o600)
  })

  it('says of a file that is none that it is no database, and leaves it', async () => {
    const data = temporaryFolder()
    writeFileSync(databasePath(data), 'this is a letter, and no database\n'.repeat(300))
    await expectError(() => openDatabase({ data }), 'ERR_HUB_DATABASE')
    expect(statSync(databasePath(data)).size).toBe(34 * 300)
  })

  it('says that it cannot reach a folder that is none', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    await expectError(() => openDatabase({ data: join(folder, 'file') }), 'ERR_STORE_UNREACHABLE')
    mkdirSync(databasePath(folder))
    await expectError(() => openDatabase({ data: folder }), 'ERR_STORE_UNREACHABLE')
    expect(existsSync(join(folder, 'file'))).toBe(true)
  })
})

/** In no message, and in nothing that an error carries. */
async function expectUnquoted(url: string, code: Parameters<typeof expectError>[1], ...secrets: string[]) {
  let shown = ''
  await expectError(async () => {
    try {
      await openDatabase({ data: temporaryFolder(), url })
    } catch (error) {
      const { cause, stack } = error as Error
      shown = `${String(error)} ${stack} ${String(cause)} ${JSON.stringify(error)} ${JSON.stringify(cause)}`
      throw error
    }
  }, code)
  for (const secret of secrets) expect(shown).not.toContain(secret)
  return shown
}

describe('openDatabase with a DATABASE_URL that is wrong', () => {
  const password = 'pa55-Phrase-zq'
  it.each([
    ['no URL', `host=db password=${password}`],
    ['another kind of URL', `mysql://keyturn:${password}@db/keyturn`],
    ['a port that is none', `postgres://keyturn:${password}@db:none/keyturn`],
    ['a host that is none', `postgres://keyturn:${password}@[/keyturn`],
    ['a slash in the password', `postgres://keyturn:12/${password}@db/keyturn`],
    ['a question mark in the password', `postgres://keyturn:12?${password}@db/keyturn`],
    ['a hash in the password', `postgres://keyturn:12#${password}@db/keyturn`],
    ['nothing but a slash', '/'],
  ])('refuses %s, and does not quote it', async (_, url) => {
    await expectUnquoted(url, 'ERR_HUB_DATABASE', password)
  })

  it('names host and database of a server that is not there, and no more', async () => {
    const shown = await expectUnquoted(
      `postgres://the-user:${password}@127.0.0.1:1/keyturn?application_name=${password}`,
      'ERR_STORE_UNREACHABLE',
      password,
      'the-user',
    )
    expect(shown).toContain('postgres://127.0.0.1:1/keyturn')
  })

  it.skipIf('cannot' in server)(
    'says which of user, password and database is refused, without the password',
    async () => {
      if ('cannot' in server) return
      const name = await server.createDatabase()
      const owner = await server.createOwner(name)
      const wrong = new URL(owner)
      wrong.password = password
      await expectUnquoted(wrong.href, 'ERR_STORE_DENIED', password)
      wrong.username = 'nobody_here'
      await expectUnquoted(wrong.href, 'ERR_STORE_DENIED', password)
      const elsewhere = new URL(owner)
      elsewhere.pathname = '/nowhere'
      await expectUnquoted(elsewhere.href, 'ERR_HUB_DATABASE', owner.password)
    },
  )

  it.skipIf('cannot' in server)(
    'says of a standby, or of a user who may only read, that it cannot write',
    async () => {
      if ('cannot' in server) return
      const name = await server.createDatabase()
      const owner = await server.createOwner(name)
      await server.query(`alter role ${owner.username} set default_transaction_read_only = on`)
      await expectUnquoted(owner.href, 'ERR_STORE_READ_ONLY', owner.password)
    },
  )

  it.skipIf('cannot' in server)(
    'twelve replicas that start at once on an empty database make one set of tables',
    async () => {
      const options = await onPostgres(server).options()
      const replicas = await Promise.all(Array.from({ length: 12 }, () => openDatabase(options)))
      onTestFinished(async () => void (await Promise.all(replicas.map(({ close }) => close()))))
      const [one, other] = [replicas[0], replicas[11]]
      await one?.db.insertInto('meta').values({ name: 'a', value: 'b' }).execute()
      expect(await other?.db.selectFrom('meta').selectAll().execute()).toHaveLength(1)
    },
  )
})
