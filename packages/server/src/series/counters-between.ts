/** countersBetween: what an instance has counted since its last lease. */
import { errorTable } from 'keyturn'
import type { Counters } from 'keyturn/ports'
import type { SeriesRow } from '../database/schema.ts'

export interface SeriesCount {
  readonly ring: string
  readonly kind: SeriesRow['kind']
  readonly label: string
  readonly count: number
}

/** No instance counts more between two leases: a number that is made up is left out. */
const mostPerLease = 1_000_000_000
const mostKids = 64

/** @param before what it had counted by then: absent for a process that has just begun */
export function countersBetween(ring: string, before: Counters | undefined, now: Counters): SeriesCount[] {
  const counts: SeriesCount[] = []
  const add = (kind: SeriesCount['kind'], label: string, total: number, old: number | undefined): void => {
    const count = total - (old ?? 0)
    if (Number.isSafeInteger(count) && count > 0 && count <= mostPerLease)
      counts.push({ ring, kind, label, count })
  }
  for (const [kid, count] of kidsOf(now.verified)) add('verified', kid, count, before?.verified[kid])
  for (const [kid, count] of kidsOf(now.signed)) add('signed', kid, count, before?.signed[kid])
  for (const [code, count] of Object.entries(now.rejected))
    if (Object.hasOwn(errorTable, code)) add('rejected', code, count, before?.rejected[code])
  add('login', 'succeeded', now.loginsSucceeded, before?.loginsSucceeded)
  add('login', 'failed', now.loginsFailed, before?.loginsFailed)
  add('sign-out', 'unexpected', now.unexpectedSignOuts, before?.unexpectedSignOuts)
  return counts
}

const kidsOf = (counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts).slice(0, mostKids)
