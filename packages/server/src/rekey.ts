/** rekey: seals every ring anew, so that the master key before can be thrown away. */
import { RingError } from 'keyturn'
import { asDatabaseError } from './database/database-error.ts'
import type { Database } from './database/open-database.ts'
import { ringOf, rowOf } from './rings/ring-rows.ts'
import type { Storage } from './open-storage.ts'
import { forgetPreviousKey, renewKeyFile } from './sealing/master-key-file.ts'
import { readMasterKeys } from './sealing/master-key.ts'
import { Sealer } from './sealing/sealer.ts'

const mostTries = 20

/**
 * Replaces the master key. A crash in between leaves both keys, and rings that each open with one of them.
 * @param env as at the start
 */
export async function rekey(
  { database, sealer, keyFolder }: Storage,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly rings: number }> {
  if (keyFolder === undefined) return rekeyRings(database, sealer)
  renewKeyFile(keyFolder)
  const fresh = new Sealer(readMasterKeys({ env, folder: keyFolder, isNew: false }))
  const done = await rekeyRings(database, fresh)
  forgetPreviousKey(keyFolder)
  return done
}

/** The rings themselves do not change: no generation, no audit entry of theirs. Safe while hubs run that know both keys. */
async function rekeyRings({ db, name }: Database, sealer: Sealer): Promise<{ readonly rings: number }> {
  try {
    const names = await db.selectFrom('rings').select('name').execute()
    for (const { name: ring } of names) await rekeyRing(db, sealer, ring)
    // Answers that are kept for a day are sealed, too; without them a repeated request is a new one.
    await db.deleteFrom('idempotency').execute()
    return { rings: names.length }
  } catch (error) {
    throw asDatabaseError(error, name)
  }
}

async function rekeyRing(db: Database['db'], sealer: Sealer, ring: string): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const row = await db.selectFrom('rings').selectAll().where('name', '=', ring).executeTakeFirstOrThrow()
    const { secrets } = rowOf(ringOf(row, sealer), sealer)
    const { numUpdatedRows } = await db
      .updateTable('rings')
      .set({ secrets })
      .where('name', '=', ring)
      .where('hash', '=', row.hash)
      .executeTakeFirst()
    if (numUpdatedRows === 1n) return
  }
  throw new RingError('ERR_RING_CONFLICT', `the ring ${ring} changes all the time; try again`)
}
