/** Replicas: who works on this database, and who is gone. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { ProcessIdentity } from 'keyturn/ports'
import { isProvedDead, thisProcess } from 'keyturn/rotation'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'

/** Milliseconds of silence after which a replica on another machine is taken for gone. */
const goneAfter = 15_000
/** Milliseconds after which its row is removed. */
const forgottenAfter = 24 * 3_600_000

export class Replicas {
  /** Of this one. */
  readonly id: string = `${hostname()}-${process.pid}-${randomBytes(3).toString('base64url')}`
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Says that this replica is alive. */
  async beat(): Promise<void> {
    const { now } = this.#database
    const row = { id: this.id, process: JSON.stringify(thisProcess()) }
    await this.#run(({ db }) =>
      db
        .insertInto('replicas')
        .values({ ...row, started_at: now, seen_at: now })
        .onConflict(conflict =>
          conflict.column('id').doUpdateSet(each => ({ seen_at: each.ref('excluded.seen_at') })),
        )
        .execute(),
    )
  }

  /** Ids of replicas that still work: not proved dead on this machine, and heard of lately. */
  async alive(): Promise<ReadonlySet<string>> {
    const time = await this.#database.time()
    const rows = await this.#run(({ db }) => db.selectFrom('replicas').selectAll().execute())
    return new Set(
      rows
        .filter(
          row => time - row.seen_at <= goneAfter && !isProvedDead(JSON.parse(row.process) as ProcessIdentity),
        )
        .map(row => row.id),
    )
  }

  /** Takes this replica's row away, and rows of those that are long gone. */
  async leave(): Promise<void> {
    const time = await this.#database.time()
    await this.#run(({ db }) =>
      db
        .deleteFrom('replicas')
        .where(({ eb, or }) => or([eb('id', '=', this.id), eb('seen_at', '<', time - forgottenAfter)]))
        .execute(),
    )
  }

  async #run<Result>(query: (database: Database) => Promise<Result>): Promise<Result> {
    try {
      return await query(this.#database)
    } catch (error) {
      throw asDatabaseError(error, this.#database.name)
    }
  }
}
