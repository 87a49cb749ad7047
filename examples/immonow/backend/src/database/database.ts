/** One SQLite file that several processes share: short reads, short writes, nobody waits inside the event loop. */
import SqliteDatabase from 'libsql'

import { Problem } from '../http/problem.ts'

/** What may be bound to a `?`. */
export type Value = string | number | null

/** The part of the database that a unit of work sees. All calls are synchronous. */
export interface Connection {
  /** The first row, or undefined. */
  get<Row>(sql: string, ...values: Value[]): Row | undefined
  all<Row>(sql: string, ...values: Value[]): Row[]
  /** Number of rows changed. */
  run(sql: string, ...values: Value[]): number
}

/** The open file. */
export interface Database extends Connection {
  /**
   * Runs `work` in one write transaction. It may run more than once, so it must do nothing but read and write rows.
   * @throws {Problem} ERR_DATABASE_BUSY when the file stays locked for five seconds
   */
  write<Result>(work: (connection: Connection) => Result): Promise<Result>
  close(): void
}

/** Milliseconds that SQLite itself waits for a lock. It blocks the event loop, so the rest of the wait is ours. */
const busyTimeout = 20
const writeDeadline = 5_000

/** True when another process holds the lock. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code))

/** Waits 2 to 25 ms: two processes that collided must not collide again. */
const jitter = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 2 + Math.random() * 23))

/** Opens the file, creating it when it is missing, and switches it to WAL. */
export async function openDatabase(file: string): Promise<Database> {
  const sqlite = new SqliteDatabase(file)
  const statements = new Map<string, ReturnType<typeof sqlite.prepare>>()

  const prepare = (sql: string): ReturnType<typeof sqlite.prepare> => {
    const known = statements.get(sql)
    if (known) return known
    const statement = sqlite.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  const connection: Connection = {
    get<Row>(sql: string, ...values: Value[]): Row | undefined {
      const row = prepare(sql).get(checked(values)) as (Row & { _metadata?: unknown }) | undefined
      if (row) delete row._metadata
      return row
    },
    all<Row>(sql: string, ...values: Value[]): Row[] {
      return prepare(sql).all(checked(values)) as Row[]
    },
    run(sql: string, ...values: Value[]): number {
      return prepare(sql).run(checked(values)).changes
    },
  }

  const transaction = <Result>(work: (connection: Connection) => Result): Result => {
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = work(connection)
      sqlite.exec('COMMIT')
      return result
    } catch (error) {
      if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
      throw error
    }
  }

  const database: Database = {
    ...connection,
    async write(work) {
      const deadline = performance.now() + writeDeadline
      for (;;) {
        try {
          return transaction(work)
        } catch (error) {
          if (!isBusy(error)) throw error
          if (performance.now() > deadline)
            throw new Problem('ERR_DATABASE_BUSY', { retryAfter: 1, cause: error })
        }
        await jitter()
      }
    },
    close() {
      statements.clear()
      sqlite.close()
    },
  }

  try {
    await configure(sqlite)
  } catch (error) {
    sqlite.close()
    throw error
  }
  return database
}

async function configure(sqlite: SqliteDatabase.Database): Promise<void> {
  sqlite.pragma(`busy_timeout = ${busyTimeout}`)
  // Switching to WAL needs the file for a moment, and SQLite does not wait for that by itself.
  const deadline = performance.now() + writeDeadline
  for (;;) {
    try {
      sqlite.pragma('journal_mode = WAL')
      break
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
    await jitter()
  }
  // FULL: a session or a listing that was confirmed survives a power cut.
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
}

/** libsql aborts the whole process on a boolean or an object, and cuts a text at its first NUL. */
function checked(values: readonly Value[]): readonly Value[] {
  for (const value of values) {
    if (value === null || Number.isFinite(value)) continue
    if (typeof value !== 'string' || value.includes('\0'))
      throw new TypeError('this value cannot be bound to SQL')
  }
  return values
}
