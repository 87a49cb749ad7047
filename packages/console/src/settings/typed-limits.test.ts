import fc from 'fast-check'
import { checkLimits, defaultLimits, type Limits } from 'keyturn/ring'
import { describe, expect, it } from 'vitest'
import { isSame, leastGrace, limitNames, partsOf, problemsOf, secondsOf } from './typed-limits.ts'

const isTaken = (limits: Limits): boolean => {
  try {
    checkLimits(limits)
    return true
  } catch {
    return false
  }
}

const seconds = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 1_000_000 }))

const anyLimits: fc.Arbitrary<Limits> = fc.record({
  maxTokenLife: seconds,
  maxStale: seconds,
  tolerance: seconds,
  grace: seconds,
  hold: seconds,
  lease: seconds,
})

describe('problemsOf', () => {
  it('refuses exactly what the library refuses', () => {
    fc.assert(
      fc.property(anyLimits, limits => {
        expect(Object.keys(problemsOf(limits)).length === 0).toBe(isTaken(limits))
      }),
    )
  })

  it('allows the shortest grace that outlives every honest token, and not a second less', () => {
    const grace = leastGrace(defaultLimits)
    expect(grace).toBe(3600 + 3600 + 2 * 60)
    expect(problemsOf({ ...defaultLimits, grace })).toEqual({})
    expect(problemsOf({ ...defaultLimits, grace: grace - 1 })).toEqual({ grace: 'grace' })
  })

  it('says what is wrong with each field', () => {
    expect(problemsOf({ ...defaultLimits, hold: NaN, lease: 0, maxStale: 4e9 })).toEqual({
      hold: 'number',
      lease: 'zero',
      maxStale: 'most',
      grace: 'grace',
    })
    expect(problemsOf({ ...defaultLimits, tolerance: 0 })).toEqual({})
  })
})

describe('partsOf and secondsOf', () => {
  it('take every duration there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 315_360_000 }), each => secondsOf(partsOf(each)) === each),
    )
  })

  it('take the largest unit without a fraction', () => {
    expect(partsOf(172_800)).toEqual({ value: '2', unit: 'days' })
    expect(partsOf(90)).toEqual({ value: '90', unit: 'seconds' })
    expect(partsOf(5_400)).toEqual({ value: '90', unit: 'minutes' })
    expect(partsOf(0)).toEqual({ value: '0', unit: 'seconds' })
  })

  it.each(['', '1.5', '-1', '1e3', 'x', '١'])('%j is no whole number', value => {
    expect(secondsOf({ value, unit: 'hours' })).toBeNaN()
  })
})

it('isSame looks at every limit', () => {
  expect(isSame(defaultLimits, { ...defaultLimits })).toBe(true)
  for (const name of limitNames)
    expect(isSame(defaultLimits, { ...defaultLimits, [name]: defaultLimits[name] + 1 })).toBe(false)
})
