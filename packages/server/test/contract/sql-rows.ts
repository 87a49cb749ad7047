/** backUpRow, backUpRows: what a database held, put back behind the hub's back. */
import type { Undo } from '../../../keyturn/test/contract/store-place.ts'
import type { Database } from '../../src/database/open-database.ts'

/** The ring alone. */
export async function backUpRow({ db }: Database, ring: string): Promise<Undo> {
  const row = await db.selectFrom('rings').selectAll().where('name', '=', ring).executeTakeFirstOrThrow()
  return async () => void (await db.updateTable('rings').set(row).where('name', '=', ring).execute())
}

const tables = ['rings', 'audit', 'leases'] as const

/** Ring, trail and leases. */
export async function backUpRows({ db }: Database): Promise<Undo> {
  const rows = await Promise.all(tables.map(async table => db.selectFrom(table).selectAll().execute()))
  return async () => {
    await db.transaction().execute(async transaction => {
      for (const [index, table] of tables.entries()) {
        await transaction.deleteFrom(table).execute()
        for (const row of rows[index] ?? []) await transaction.insertInto(table).values(row).execute()
      }
    })
  }
}

/** A search that would find nothing proves nothing: the name of the ring is there in plain text. */
export function expectFindable(bytes: Buffer, ring: string): Buffer {
  if (!bytes.includes(ring)) throw new Error(`the bytes of the store do not even hold the name ${ring}`)
  return bytes
}
