/** Tests of fillBuckets and reasonOf. */
import { describe, expect, it } from 'vitest'
import { fillBuckets, reasonOf, sum } from './buckets.ts'

const minute = 60_000
const empty = {
  verified: {},
  rejected: {},
  signed: {},
  loginsSucceeded: 0,
  loginsFailed: 0,
  unexpectedSignOuts: 0,
}

describe('fillBuckets', () => {
  it('has every step of the range, also those in which nothing was counted', () => {
    const from = Date.UTC(2026, 10, 22, 13, 0)
    const found = [
      {
        ...empty,
        at: new Date(from + 2 * minute).toISOString(),
        verified: { one: 5, two: 1 },
        rejected: { ERR_TOKEN_EXPIRED: 2, ERR_KEY_SUSPENDED: 1, ERR_KEY_COMPROMISED: 3, ERR_TOKEN_CLAIM: 1 },
        unexpectedSignOuts: 4,
      },
    ]
    const buckets = fillBuckets(found, { from: from + 10_000, to: from + 4 * minute, step: minute })
    expect(buckets.map(({ at }) => (at - from) / minute)).toEqual([0, 1, 2, 3, 4])
    expect(buckets[2]).toMatchObject({
      verified: { one: 5, two: 1 },
      rejected: { expired: 2, dead: 4, unknown: 0, signature: 0, other: 1 },
      unexpectedSignOuts: 4,
    })
    expect(buckets.map(({ verified }) => sum(verified))).toEqual([0, 0, 6, 0, 0])
  })
})

describe('reasonOf', () => {
  it('tells a key that nobody knows from one that is dead', () => {
    expect(reasonOf('ERR_KEY_NOT_FOUND')).toBe('unknown')
    expect(reasonOf('ERR_KEY_RETIRED')).toBe('dead')
    expect(reasonOf('ERR_ANYTHING_ELSE')).toBe('other')
  })
})
