/** checkLimits: durations that cannot sign anybody out by mistake. */
import { expect, it } from 'vitest'
import { defaultLimits } from './document.ts'
import { checkLimits } from './limits.ts'

it('fills up with the defaults', () => {
  expect(checkLimits({})).toEqual(defaultLimits)
  expect(checkLimits({ maxTokenLife: 900 })).toEqual({ ...defaultLimits, maxTokenLife: 900 })
})

it('takes a grace that just covers maxTokenLife, maxStale and twice the tolerance', () => {
  const given = { maxTokenLife: 900, maxStale: 600, tolerance: 30 }
  expect(checkLimits({ ...given, grace: 1560 }).grace).toBe(1560)
  expect(() => checkLimits({ ...given, grace: 1559 })).toThrow(
    expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_LIMITS' }),
  )
})

it('refuses token lives that the default grace does not cover', () => {
  expect(() => checkLimits({ maxTokenLife: 7 * 86_400 })).toThrow(
    expect.objectContaining({ code: 'ERR_CONFIG_LIMITS', message: expect.stringContaining('grace') }),
  )
})

it('takes a grace under 24 h that is set explicitly', () => {
  expect(checkLimits({ grace: 8000 }).grace).toBe(8000)
})

it('has no tolerance when the tolerance is zero', () =>
  expect(checkLimits({ tolerance: 0 }).tolerance).toBe(0))

it.each([
  ['maxTokenLife', 0],
  ['maxStale', -1],
  ['tolerance', -1],
  ['grace', 200_000.5],
  ['hold', Number.NaN],
  ['lease', Number.POSITIVE_INFINITY],
  ['hold', '48h' as unknown as number],
])('refuses %s of %s, by name', (name, seconds) => {
  expect(() => checkLimits({ [name]: seconds })).toThrow(
    expect.objectContaining({ code: 'ERR_CONFIG_LIMITS', message: expect.stringContaining(name) }),
  )
})
