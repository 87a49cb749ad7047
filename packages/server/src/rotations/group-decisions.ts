/** GroupDecisions: whether rotations that belong together are activated or dropped. Decided once, for every replica. */
import { sql } from 'kysely'
import { asked } from '../access/transact.ts'
import type { Database } from '../database/open-database.ts'
import type { RotationGroupRow } from '../database/schema.ts'

export type Decision = RotationGroupRow['decision']

/** Milliseconds. No rotation is under way for so long while a hub runs. */
const keptFor = 30 * 24 * 3_600_000

export class GroupDecisions {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Returns what counts: whoever decides first wins, and the others do the same. */
  async decide(group: string, decision: Decision): Promise<Decision> {
    const { db, now } = this.#database
    const inserted = db
      .insertInto('rotation_groups')
      .values({ id: group, decision, decided_at: now })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute()
    await asked(this.#database, inserted)
    return (await this.find(group)) ?? decision
  }

  async find(group: string): Promise<Decision | undefined> {
    const { db } = this.#database
    const found = db
      .selectFrom('rotation_groups')
      .select('decision')
      .where('id', '=', group)
      .executeTakeFirst()
    const row = await asked(this.#database, found)
    return row?.decision
  }

  /** Forgets old ones. */
  async tidy(): Promise<void> {
    const { db, now } = this.#database
    const deleted = db
      .deleteFrom('rotation_groups')
      .where('decided_at', '<', sql<number>`${now} - ${sql.lit(keptFor)}`)
      .execute()
    await asked(this.#database, deleted)
  }
}
