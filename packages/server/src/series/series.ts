/** addToSeries, readSeries, liveTokens, trimSeries: what a ring's instances counted, minute by minute, for 48 hours. */
import type { RingDocument } from 'keyturn/ring'
import { sql } from 'kysely'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import type { SeriesRow } from '../database/schema.ts'
import type { SeriesCount } from './counters-between.ts'

const minute = 60_000
/** Minutes that are kept. */
const keptMinutes = 48 * 60
/** Milliseconds that a series goes back. */
export const seriesReach = keptMinutes * minute
/** Rows that are read at once. */
const mostRows = 400_000

/** Adds to the minute that the database's clock shows. Kids that are not in the ring are nobody's, and left out. */
export async function addToSeries(
  transaction: Database['db'],
  database: Database,
  counts: readonly SeriesCount[],
): Promise<void> {
  const kids = await kidsOf(transaction, new Set(counts.map(({ ring }) => ring)))
  const sums = new Map<string, SeriesCount>()
  for (const each of counts.filter(({ ring, kind, label }) => isKnown(kids.get(ring), kind, label))) {
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

/** Whether that is counted at all: whoever has the token of an instance may send any name. */
export const isKnown = (
  kids: ReadonlySet<string> | undefined,
  kind: SeriesRow['kind'],
  label: string,
): boolean => kids !== undefined && ((kind !== 'verified' && kind !== 'signed') || kids.has(label))

async function kidsOf(
  transaction: Database['db'],
  rings: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (rings.size === 0) return new Map()
  const rows = await transaction
    .selectFrom('rings')
    .select(['name', 'document'])
    .where('name', 'in', [...rings])
    .execute()
  return new Map(
    rows.map(({ name, document }) => {
      const { keys } = JSON.parse(document) as RingDocument
      return [name, new Set(keys.map(({ kid }) => kid))]
    }),
  )
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
  /** Users who said that they were signed out and had not expected it. */
  readonly unexpectedSignOuts: number
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
    .limit(mostRows)
    .execute()
    .catch((error: unknown) => {
      throw asDatabaseError(error, name)
    })
  const buckets = new Map<number, SeriesRow[]>()
  for (const row of rows) {
    const start = Math.floor(row.minute / step) * step
    const bucket = buckets.get(start) ?? []
    bucket.push(row)
    buckets.set(start, bucket)
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
    unexpectedSignOuts: sums('sign-out')['unexpected'] ?? 0,
  }
}

/**
 * How many tokens may be live: those that were signed within one longest life. About as many sessions end with them, at
 * most. @param now epoch milliseconds
 */
export async function liveTokens(
  { db, name }: Database,
  { ring, limits }: RingDocument,
  now: number,
): Promise<number> {
  const { signed } = await db
    .selectFrom('series')
    .select(eb => eb.fn.coalesce(eb.fn.sum<number | string>('count'), sql.lit(0)).as('signed'))
    .where('ring', '=', ring)
    .where('kind', '=', 'signed')
    .where('minute', '>=', Math.floor((now - limits.maxTokenLife * 1000) / minute))
    .where('minute', '<=', Math.floor(now / minute))
    .executeTakeFirstOrThrow()
    .catch((error: unknown) => {
      throw asDatabaseError(error, name)
    })
  return Number(signed)
}

/** Forgets what is older than 48 hours. */
export async function trimSeries({ db, now }: Database): Promise<void> {
  await db
    .deleteFrom('series')
    .where('minute', '<', sql<number>`${now} / ${sql.lit(minute)} - ${sql.lit(keptMinutes)}`)
    .execute()
}
