import type { Counters } from 'keyturn/ports'
import { describe, expect, it } from 'vitest'
import { countersBetween } from './counters-between.ts'

const ring = 'immonow/production'
const counters = (more: Partial<Counters> = {}): Counters => ({
  verified: {},
  rejected: {},
  signed: {},
  loginsSucceeded: 0,
  loginsFailed: 0,
  unexpectedSignOuts: 0,
  ...more,
})
const shown = (before: Counters | undefined, now: Counters) =>
  countersBetween(ring, before, now).map(({ kind, label, count }) => `${kind} ${label} ${count}`)

describe('countersBetween', () => {
  it('counts everything of a process that has just begun, and what was added since its last lease', () => {
    const first = counters({
      verified: { a: 5, b: 1 },
      rejected: { ERR_TOKEN_EXPIRED: 2 },
      signed: { a: 3 },
      loginsSucceeded: 4,
      loginsFailed: 1,
      unexpectedSignOuts: 2,
    })
    expect(shown(undefined, first)).toEqual([
      'verified a 5',
      'verified b 1',
      'signed a 3',
      'rejected ERR_TOKEN_EXPIRED 2',
      'login succeeded 4',
      'login failed 1',
      'sign-out unexpected 2',
    ])
    expect(shown(first, first)).toEqual([])
    const next = { ...first, verified: { a: 7, b: 1, c: 1 }, loginsFailed: 2 }
    expect(shown(first, next)).toEqual(['verified a 2', 'verified c 1', 'login failed 1'])
    expect(countersBetween(ring, first, next)[0]).toEqual({ ring, kind: 'verified', label: 'a', count: 2 })
  })

  it.each([-1, NaN, Infinity, -Infinity, 0.5, 2 ** 53, 1e12, 1_000_000_001])(
    'leaves out %d, which nobody counts between two leases',
    count => {
      const absurd = counters({ verified: { a: count }, signed: { a: count }, loginsFailed: count })
      expect(shown(undefined, absurd)).toEqual([])
    },
  )

  it('leaves out what has become less', () => {
    expect(shown(counters({ verified: { a: 5 } }), counters({ verified: { a: 3 } }))).toEqual([])
  })

  it('leaves out codes that no token is refused with, and kids past the 64th', () => {
    const rejected = { ERR_TOKEN_EXPIRED: 1, ERR_MADE_UP: 1, toString: 1, __proto__: 1 }
    expect(shown(undefined, counters({ rejected }))).toEqual(['rejected ERR_TOKEN_EXPIRED 1'])
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`kid-${index}`, 1]))
    expect(shown(undefined, counters({ verified: many }))).toHaveLength(64)
  })
})
