/** RotationRecords: rotations in the database, so that every replica can show them, and take them over. */
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import { GroupDecisions } from './group-decisions.ts'
import type { RotationView } from './rotation-view.ts'

/** Rotations of a ring that are kept; the audit trail has them all. */
const mostKept = 200

export class RotationRecords {
  /** Of rotations that belong together. */
  readonly decisions: GroupDecisions
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    this.decisions = new GroupDecisions(database)
  }

  /** A new one, or one that begins again. */
  async put(view: RotationView): Promise<void> {
    const { id, ring, state, replica } = view
    const row = { state, replica, view: JSON.stringify(view) }
    await this.#run(({ db, now }) =>
      db
        .insertInto('rotations')
        .values({ id, ring, ...row, started_at: now })
        .onConflict(conflict => conflict.column('id').doUpdateSet(row))
        .execute(),
    )
  }

  /** Only the replica that works on it may say how it goes. */
  async update(view: RotationView): Promise<void> {
    await this.#run(({ db }) =>
      db
        .updateTable('rotations')
        .set({ state: view.state, view: JSON.stringify(view) })
        .where('id', '=', view.id)
        .where('replica', '=', view.replica)
        .execute(),
    )
  }

  async remove(id: string): Promise<void> {
    await this.#run(({ db }) => db.deleteFrom('rotations').where('id', '=', id).execute())
  }

  async find(id: string): Promise<RotationView | undefined> {
    const row = await this.#run(({ db }) =>
      db.selectFrom('rotations').select('view').where('id', '=', id).executeTakeFirst(),
    )
    return row && viewOf(row)
  }

  /** Newest first. */
  async list(ring: string, limit: number): Promise<readonly RotationView[]> {
    const rows = await this.#run(({ db }) =>
      db
        .selectFrom('rotations')
        .select('view')
        .where('ring', '=', ring)
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute(),
    )
    return rows.map(viewOf)
  }

  /** What some replica works on, or has left behind. */
  async running(): Promise<readonly RotationView[]> {
    const rows = await this.#run(({ db }) =>
      db.selectFrom('rotations').select('view').where('state', '=', 'running').execute(),
    )
    return rows.map(viewOf)
  }

  /** Makes it this replica's. Of several, one wins. */
  async claim(view: RotationView, replica: string): Promise<boolean> {
    const next = { ...view, replica }
    const result = await this.#run(({ db }) =>
      db
        .updateTable('rotations')
        .set({ replica, view: JSON.stringify(next) })
        .where('id', '=', view.id)
        .where('replica', '=', view.replica)
        .where('state', '=', 'running')
        .executeTakeFirst(),
    )
    return result.numUpdatedRows === 1n
  }

  /** Forgets the oldest of a ring that has many. */
  async trim(ring: string): Promise<void> {
    await this.#run(async ({ db }) => {
      const oldest = await db
        .selectFrom('rotations')
        .select('started_at')
        .where('ring', '=', ring)
        .orderBy('started_at', 'desc')
        .offset(mostKept)
        .limit(1)
        .executeTakeFirst()
      if (oldest)
        await db
          .deleteFrom('rotations')
          .where('ring', '=', ring)
          .where('state', '!=', 'running')
          .where('started_at', '<=', oldest.started_at)
          .execute()
    })
  }

  async #run<Result>(query: (database: Database) => Promise<Result>): Promise<Result> {
    try {
      return await query(this.#database)
    } catch (error) {
      throw asDatabaseError(error, this.#database.name)
    }
  }
}

/** One that an older hub has written down belongs to no group. */
function viewOf({ view }: { readonly view: string }): RotationView {
  const { group = null, ...rest } = JSON.parse(view) as Partial<RotationView>
  return { ...(rest as RotationView), group }
}
