/** fillBuckets, reasonOf: what the instances counted, at equal steps. Pure. */
import type { SeriesBucket } from '../api/answers.ts'

/** One step. */
export interface Bucket {
  /** Epoch milliseconds, the beginning. */
  readonly at: number
  /** By kid. */
  readonly verified: Readonly<Record<string, number>>
  /** By reason. */
  readonly rejected: Readonly<Record<Reason, number>>
  readonly loginsSucceeded: number
  readonly loginsFailed: number
  readonly unexpectedSignOuts: number
}

export const reasons = ['expired', 'dead', 'unknown', 'signature', 'other'] as const
export type Reason = (typeof reasons)[number]

const byCode: Readonly<Record<string, Reason>> = {
  ERR_TOKEN_EXPIRED: 'expired',
  ERR_KEY_RETIRED: 'dead',
  ERR_KEY_SUSPENDED: 'dead',
  ERR_KEY_COMPROMISED: 'dead',
  ERR_KEY_NOT_FOUND: 'unknown',
  ERR_KEY_UNKNOWN: 'unknown',
  ERR_TOKEN_SIGNATURE: 'signature',
}

/** What a reader wants to tell apart. @param code of the error table */
export const reasonOf = (code: string): Reason => byCode[code] ?? 'other'

/** Every step of the range, also those in which nothing was counted. @param step milliseconds */
export function fillBuckets(
  found: readonly SeriesBucket[],
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
): readonly Bucket[] {
  const byTime = new Map(found.map(bucket => [Math.floor(Date.parse(bucket.at) / step) * step, bucket]))
  const buckets: Bucket[] = []
  for (let at = Math.floor(from / step) * step; at <= to; at += step)
    buckets.push(bucketOf(at, byTime.get(at)))
  return buckets
}

function bucketOf(at: number, found: SeriesBucket | undefined): Bucket {
  const rejected = { expired: 0, dead: 0, unknown: 0, signature: 0, other: 0 }
  for (const [code, number] of Object.entries(found?.rejected ?? {})) rejected[reasonOf(code)] += number
  return {
    at,
    verified: found?.verified ?? {},
    rejected,
    loginsSucceeded: found?.loginsSucceeded ?? 0,
    loginsFailed: found?.loginsFailed ?? 0,
    unexpectedSignOuts: found?.unexpectedSignOuts ?? 0,
  }
}

export const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0)
