/** sqlRingStore: a ring in the database. One row, changed by one UPDATE together with its audit entry. */
import { KeyturnError, RingError } from 'keyturn'
import { hashOf, type Expected, type Ring, type RingStore } from 'keyturn/ports'
import { canonicalJson, hasBytes, type AuditEntry } from 'keyturn/ring'
import { sql } from 'kysely'
import { asDatabaseError, isSerializationFailure } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { RingFeed } from './ring-feed.ts'
import { rowOf } from './ring-rows.ts'

/**
 * @param feed what answers reads: from memory, once the database has confirmed that it is the newest
 */
export function sqlRingStore(database: Database, sealer: Sealer, feed: RingFeed, ring: string): RingStore {
  return {
    name: `the ring ${ring} on the hub`,
    read: async () => (await feed.confirmed(ring))?.ring,
    compareAndSwap: async (expected, next) => {
      const halted = await swap(database, sealer, expected, next)
      const { epoch, generation } = next.document
      feed.committed(withoutErased(next), { epoch, generation, hash: hashOf(next.document) }, halted)
    },
    watch: hint => feed.subscribe(ring, () => hint()),
    now: () => database.time(),
  }
}

const withoutErased = ({ document, secrets }: Ring): Ring => {
  const kids = new Set(document.keys.filter(hasBytes).map(key => key.kid))
  return { document, secrets: new Map([...secrets].filter(([kid]) => kids.has(kid))) }
}

/** Returns why changes halt from now on, if they do. @throws {RingError} ERR_RING_CONFLICT, ERR_RING_REGRESSED */
async function swap(
  database: Database,
  sealer: Sealer,
  expected: Expected,
  next: Ring,
): Promise<string | null> {
  const { db, name } = database
  const row = rowOf(next, sealer)
  const entry = next.document.audit
  try {
    return await db.transaction().execute(async transaction => {
      const swapped =
        expected.generation === 0
          ? await transaction
              .insertInto('rings')
              .values({ ...row, halted: null, changed_at: database.now })
              .onConflict(conflict => conflict.column('name').doNothing())
              .returning('halted')
              .execute()
          : await transaction
              .updateTable('rings')
              .set({
                ...row,
                // A new epoch is what ends a halt; an emergency without one was told of nothing newer.
                ...((row.epoch > expected.epoch || entry?.mode === 'emergency') && { halted: null }),
                changed_at: database.now,
              })
              .where('name', '=', row.name)
              .where('epoch', '=', expected.epoch)
              .where('generation', '=', expected.generation)
              .where('hash', '=', expected.hash)
              .returning('halted')
              .execute()
      const [first] = swapped
      if (!first)
        throw new RingError('ERR_RING_CONFLICT', `the ring ${row.name} was changed since it was read`)
      // An emergency is refused by nothing.
      if (first.halted !== null && entry?.mode !== 'emergency')
        throw new RingError('ERR_RING_REGRESSED', `changes of ${row.name} halt: ${first.halted}`)
      if (entry) await record(transaction, database, entry)
      return first.halted
    })
  } catch (error) {
    if (isSerializationFailure(error)) throw new RingError('ERR_RING_CONFLICT')
    if (error instanceof KeyturnError || !entry) throw asDatabaseError(error, name)
    const committed = await committedInSpite(database, entry).catch(() => undefined)
    if (committed) return committed.halted
    throw asDatabaseError(error, name)
  }
}

/** A connection may break when the change is made and only the answer is on its way. */
async function committedInSpite(
  { kind, db }: Database,
  entry: AuditEntry,
): Promise<{ readonly halted: string | null } | undefined> {
  // There is no way for an answer to get lost.
  if (kind === 'sqlite') return undefined
  // Waits for the broken connection's transaction to end, one way or the other.
  const row = await db
    .selectFrom('rings')
    .select('halted')
    .where('name', '=', entry.ring)
    .forUpdate()
    .executeTakeFirst()
  const found = await db
    .selectFrom('audit')
    .select('entry')
    .where('ring', '=', entry.ring)
    .where('epoch', '=', entry.epoch)
    .where('generation', '=', entry.generation)
    .executeTakeFirst()
  return row && found?.entry === canonicalJson(entry) ? { halted: row.halted } : undefined
}

async function record(transaction: Database['db'], database: Database, entry: AuditEntry): Promise<void> {
  const { ring, epoch, generation } = entry
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('audit')
    .values({ ring, epoch, generation, entry: canonicalJson(entry), at: sql<number>`${database.now}` })
    .onConflict(conflict => conflict.columns(['ring', 'epoch', 'generation']).doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 1n) return
  throw new RingError(
    'ERR_RING_REGRESSED',
    `the trail has generation ${generation} of ${ring} already: was a backup restored?`,
  )
}
