/** LockOut: an operator's failed logins, counted in the row, so that guesses on several replicas count together. */
import { sql } from 'kysely'
import type { Database } from '../database/open-database.ts'
import { FailureLimit, lockedOut } from './failure-limit.ts'
import { asked } from './transact.ts'

/** Failures, and the minutes for which the last of them locks. */
const steps = [
  [5, 1],
  [6, 2],
  [7, 4],
  [8, 8],
  [9, 15],
] as const

/** Milliseconds. */
const lockedFor = (failures: number): number =>
  60_000 * (steps.findLast(([least]) => failures >= least)?.[1] ?? 0)

/** The same in SQL: until when one failure more than the row has locks. */
function lockedUntilOfNext({ now }: Database) {
  const cases = steps
    .toReversed()
    .map(
      ([least, minutes]) =>
        sql`when failures + 1 >= ${sql.lit(least)} then ${now} + ${sql.lit(minutes * 60_000)}`,
    )
  return sql<number>`case ${sql.join(cases, sql` `)} else 0 end`
}

/** An attempt that counts as failed until it is known to be right. */
export interface Attempt {
  /** The stored hash. */
  readonly password: string | null
  /** Whether the name is locked if this one fails. */
  readonly locks: boolean
}

export class LockOut {
  readonly #database: Database
  /** Locked like others, so that a lock tells nobody who is an operator. */
  readonly #unknown = new FailureLimit({ lockedFor })

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Counts an attempt as failed. Undefined for a name that nobody has.
   * @throws {AuthError} ERR_AUTH_LOCKED, with `retryAfter`
   */
  async attempt(name: string): Promise<Attempt | undefined> {
    const { db, now } = this.#database
    const row = await asked(
      this.#database,
      db
        .updateTable('operators')
        .set(eb => ({
          failures: eb('failures', '+', 1),
          locked_until: lockedUntilOfNext(this.#database),
        }))
        .where('name', '=', name)
        .where('locked_until', '<=', now)
        .returning(['password', 'failures'])
        .executeTakeFirst(),
    )
    if (row) return { password: row.password, locks: lockedFor(row.failures) > 0 }
    const locked = await asked(
      this.#database,
      db
        .selectFrom('operators')
        .select(['locked_until', now.as('now')])
        .where('name', '=', name)
        .executeTakeFirst(),
    )
    if (locked) throw lockedOut(locked.locked_until - locked.now)
    this.#unknown.attempt(name)
    return undefined
  }
}
