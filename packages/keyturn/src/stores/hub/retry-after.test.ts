import { describe, expect, it } from 'vitest'
import { retryAfterOf } from './retry-after.ts'

const now = Date.parse('2027-01-15T08:00:00Z')
const wait = (text?: string): number | undefined =>
  retryAfterOf(text === undefined ? {} : { 'retry-after': text }, now, 60_000)

describe('retryAfterOf', () => {
  it('reads seconds and dates', () => {
    expect(wait('7')).toBe(7_000)
    expect(wait('0')).toBe(0)
    expect(wait('Fri, 15 Jan 2027 08:00:09 GMT')).toBe(9_000)
  })

  it('is bounded, whatever the header says', () => {
    expect(wait('61')).toBe(60_000)
    expect(wait('9'.repeat(400))).toBe(60_000)
    expect(wait('Fri, 15 Jan 2100 08:00:09 GMT')).toBe(60_000)
    expect(wait('Fri, 15 Jan 2021 08:00:09 GMT')).toBe(0)
  })

  it('is nothing without a header that says something', () => {
    expect(wait()).toBeUndefined()
    for (const text of ['', 'soon', '1.5x', '+']) expect(wait(text)).toBeUndefined()
  })
})
