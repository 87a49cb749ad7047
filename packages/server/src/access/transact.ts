/** transact and asked: statements whose failures are errors of Keyturn. */
import { sql } from 'kysely'
import { asDatabaseError, isSerializationFailure } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'

/** The database, or a transaction on it. */
export type Connection = Database['db']

/** How often a transaction that others got in the way of is tried. */
const attempts = 3

/**
 * All or nothing. Inside, use the given connection only: SQLite has but one.
 * @throws {StoreError}
 */
export async function transact<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.db.transaction().execute(work)
    } catch (error) {
      if (!isSerializationFailure(error) || attempt === attempts) throw asDatabaseError(error, database.name)
    }
  }
}

/** One statement. @throws {StoreError} */
export async function asked<T>(database: Database, statement: Promise<T>): Promise<T> {
  try {
    return await statement
  } catch (error) {
    throw asDatabaseError(error, database.name)
  }
}

/**
 * Counts a number in `meta` up and returns it as text. The row stays locked until the transaction ends, so that
 * transactions that begin with it come one after the other.
 */
export async function bump(connection: Connection, name: string): Promise<string> {
  const { value } = await connection
    .insertInto('meta')
    .values({ name, value: '1' })
    .onConflict(conflict =>
      conflict
        .column('name')
        .doUpdateSet({ value: sql<string>`cast(cast(meta.value as bigint) + 1 as text)` }),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}
