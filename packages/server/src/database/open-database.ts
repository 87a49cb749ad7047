/** openDatabase: SQLite in a folder, or PostgreSQL. Everything above sees one interface. */
import { join } from 'node:path'
import { ConfigError, KeyturnError } from 'keyturn'
import { Kysely, Migrator, PostgresDialect, sql, SqliteDialect, type RawBuilder } from 'kysely'
import Libsql from 'libsql'
import { asDatabaseError } from './database-error.ts'
import { migrations } from './migrations.ts'
import { postgresPool } from './postgres-pool.ts'
import { makePrivate } from './private-file.ts'
import type { Schema } from './schema.ts'

export interface Database {
  readonly kind: 'sqlite' | 'postgres'
  /** For messages: the path, or host and database. Never a password. */
  readonly name: string
  readonly db: Kysely<Schema>
  /** The database's clock in a statement, epoch milliseconds. */
  readonly now: RawBuilder<number>
  /** The database's clock, epoch milliseconds. */
  time(): Promise<number>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Folder of the SQLite file. */
  readonly data: string
  /** `postgres://…`; then `data` is not used for rings. */
  readonly url?: string
}

/**
 * Opens the database and brings its tables up to date.
 * @throws {ConfigError} ERR_HUB_DATABASE for a URL that is none
 * @throws {StoreError} ERR_STORE_UNREACHABLE, ERR_STORE_DENIED, ERR_STORE_READ_ONLY
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = options.url === undefined ? sqlite(options.data) : postgres(options.url)
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.close().catch(() => undefined)
    throw asDatabaseError(error, database.name)
  }
}

/** The file of the embedded database. */
export const databasePath = (folder: string): string => join(folder, 'keyturn.db')

function sqlite(folder: string): Database {
  const path = databasePath(folder)
  let file: Libsql.Database
  try {
    makePrivate(path)
    file = new Libsql(path)
    file.pragma('journal_mode = WAL')
    // A commit that was answered survives a power cut.
    file.pragma('synchronous = FULL')
    file.pragma('busy_timeout = 5000')
  } catch (error) {
    throw asDatabaseError(error, path)
  }
  const now = sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
  // The same interface as better-sqlite3, which the dialect is typed for.
  const dialect = new SqliteDialect({ database: file })
  return databaseOf('sqlite', path, new Kysely<Schema>({ dialect }), now)
}

function postgres(url: string): Database {
  const name = nameOf(url)
  const dialect = new PostgresDialect({ pool: postgresPool(url) })
  const now = sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
  return databaseOf('postgres', name, new Kysely<Schema>({ dialect }), now)
}

function databaseOf(
  kind: Database['kind'],
  name: string,
  db: Kysely<Schema>,
  now: RawBuilder<number>,
): Database {
  return {
    kind,
    name,
    db,
    now,
    time: async () => {
      try {
        const { rows } = await sql<{ now: number }>`select ${now} as now`.execute(db)
        return rows[0]?.now ?? 0
      } catch (error) {
        throw asDatabaseError(error, name)
      }
    },
    close: () => db.destroy(),
  }
}

/** Host and database, without user and password. */
function nameOf(text: string): string {
  let url: URL | undefined
  try {
    url = new URL(text)
  } catch {
    // Refused below: the parser's message would quote the text.
  }
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new ConfigError('ERR_HUB_DATABASE', 'DATABASE_URL is not a postgres:// URL')
  // A password with / ? or # in it ends the host too early: the rest of it would be shown as the database.
  if (`${url.pathname}${url.search}${url.hash}`.includes('@'))
    throw new ConfigError(
      'ERR_HUB_DATABASE',
      'DATABASE_URL has an @ after the host: percent-encode what is special in user and password',
    )
  return `postgres://${url.host}${url.pathname}`
}

async function migrate({ db, name }: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName
  if (failed === undefined && error instanceof Error && /corrupted migrations/.test(error.message))
    throw new KeyturnError('ERR_HUB_DATABASE', 'the database was written by a later version of the hub')
  throw asDatabaseError(error, name)
}
