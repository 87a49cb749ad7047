import { describe, expect, it } from 'vitest'
import { isSpent, renewalDelay, renewalLead } from './expiry.ts'

describe('renewalDelay', () => {
  it('leaves time for retries, at most a minute', () => {
    expect([renewalLead(900), renewalLead(86_400), renewalLead(10)]).toEqual([60_000, 60_000, 2_000])
    expect(renewalDelay(900, () => 0)).toBe(840_000)
    expect(renewalDelay(10, () => 0)).toBe(8_000)
  })

  it('differs from tab to tab and is never negative', () => {
    expect(renewalDelay(900, () => 1)).toBe(825_000)
    for (const life of [0, 1, 2, 5, 60, 3600]) {
      expect(renewalDelay(life, () => 0.999)).toBeGreaterThanOrEqual(0)
      expect(renewalDelay(life, () => 0)).toBeLessThanOrEqual(life * 1000)
    }
  })
})

describe('isSpent', () => {
  it('counts the time of a request', () => {
    expect(isSpent(10_000, 8_900)).toBe(false)
    expect(isSpent(10_000, 9_000)).toBe(true)
    expect(isSpent(10_000, 20_000)).toBe(true)
  })
})
