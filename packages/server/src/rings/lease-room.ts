/** leasesWithoutRoom: an instance names itself, so the number of names that a ring can have is limited. */
import type { Lease } from 'keyturn/ports'
import type { RingDocument } from 'keyturn/ring'
import { sql } from 'kysely'
import type { Database } from '../database/open-database.ts'

/** Leases of one ring that are kept: more than any fleet has instances. */
export const mostLeases = 20_000

/**
 * Leases of names that are new, and one too many. Before any is refused, those go that have been silent for longer
 * than maxStale: their instances have stopped by themselves, and no gate waits for them.
 * @param fresh leases under names that have none yet
 */
export async function leasesWithoutRoom(
  transaction: Database['db'],
  database: Database,
  fresh: readonly Lease[],
  most: number,
): Promise<readonly Lease[]> {
  const refused: Lease[] = []
  for (const ring of new Set(fresh.map(each => each.ring))) {
    const newcomers = fresh.filter(each => each.ring === ring)
    const room = async (): Promise<number> => Math.max(0, most - (await countOf(transaction, ring)))
    if ((await room()) >= newcomers.length) continue
    await dropSilent(transaction, database, ring)
    refused.push(...newcomers.slice(await room()))
  }
  return refused
}

async function countOf(transaction: Database['db'], ring: string): Promise<number> {
  const { count } = await transaction
    .selectFrom('leases')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('ring', '=', ring)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function dropSilent(transaction: Database['db'], { now }: Database, ring: string): Promise<void> {
  const row = await transaction
    .selectFrom('rings')
    .select('document')
    .where('name', '=', ring)
    .executeTakeFirst()
  if (!row) return
  const { limits } = JSON.parse(row.document) as RingDocument
  const silence = (limits.maxStale + limits.lease) * 1000
  await transaction
    .deleteFrom('leases')
    .where('ring', '=', ring)
    .where('seen_at', '<', sql<number>`${now} - ${sql.lit(silence)}`)
    .execute()
}
