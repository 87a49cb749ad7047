/** addToSeries, readSeries, trimSeries: what a ring's instances counted, minute by minute, for 48 hours. */
import { sql } from 'kysely'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import type { SeriesRow } from '../database/schema.ts'
import type { SeriesCount } from './counters-between.ts'

const minute = 60_000
/** Minutes that are kept. */
const keptMinutes = 48 * 60
/** Labels of one kind in one minute: more kids than a ring has in its life are somebody's mistake. */
const mostLabels = 128

/** Adds to the minute that the database's clock shows. */
export async function addToSeries(
  transaction: Database['db'],
  database: Database,
  counts: readonly SeriesCount[],
): Promise<void> {
  const sums = new Map<string, SeriesCount>()
  for (const each of counts) {
    const name = [each.ring, each.kind, each.label].join('\n')
    sums.set(name, { ...each, count: (sums.get(name)?.count ?? 0) + each.count })
  }
  if (sums.size === 0) return
  // In one order: replicas that add to the same counters must not wait for each other in a ring.
  await transaction
    .insertInto('series')
    .values(
      [...sums]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, each]) => ({
          ...each,
          minute: sql<number>`${database.now} / ${sql.lit(minute)}`,
        })),
    )
    .onConflict(conflict =>
      conflict
        .columns(['ring', 'minute', 'kind', 'label'])
        .doUpdateSet(row => ({ count: sql<number>`series.count + ${row.ref('excluded.count')}` })),
    )
    .execute()
}

/** One minute, or one step of several. */
export interface SeriesBucket {
  /** ISO 8601, the beginning. */
  readonly at: string
  readonly verified: Readonly<Record<string, number>>
  readonly rejected: Readonly<Record<string, number>>
  readonly signed: Readonly<Record<string, number>>
  readonly loginsSucceeded: number
  readonly loginsFailed: number
}

/** @param range epoch milliseconds @param step minutes */
export async function readSeries(
  { db, name }: Database,
  ring: string,
  range: { readonly from: number; readonly to: number },
  step: number,
): Promise<readonly SeriesBucket[]> {
  const rows = await db
    .selectFrom('series')
    .selectAll()
    .where('ring', '=', ring)
    .where('minute', '>=', Math.floor(range.from / minute))
    .where('minute', '<=', Math.floor(range.to / minute))
    .orderBy('minute')
    .limit(keptMinutes * mostLabels)
    .execute()
    .catch((error: unknown) => {
      throw asDatabaseError(error, name)
    })
  const buckets = new Map<number, SeriesRow[]>()
  for (const row of rows) {
    const start = Math.floor(row.minute / step) * step
    buckets.set(start, [...(buckets.get(start) ?? []), row])
  }
  return [...buckets].map(([start, found]) => bucketOf(start, found))
}

function bucketOf(start: number, rows: readonly SeriesRow[]): SeriesBucket {
  const sums = (kind: SeriesRow['kind']): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const row of rows.filter(each => each.kind === kind))
      counts[row.label] = (counts[row.label] ?? 0) + row.count
    return counts
  }
  const logins = sums('login')
  return {
    at: new Date(start * minute).toISOString(),
    verified: sums('verified'),
    rejected: sums('rejected'),
    signed: sums('signed'),
    loginsSucceeded: logins['succeeded'] ?? 0,
    loginsFailed: logins['failed'] ?? 0,
  }
}

/** Forgets what is older than 48 hours. */
export async function trimSeries({ db, now }: Database): Promise<void> {
  await db
    .deleteFrom('series')
    .where('minute', '<', sql<number>`${now} / ${sql.lit(minute)} - ${sql.lit(keptMinutes)}`)
    .execute()
}
