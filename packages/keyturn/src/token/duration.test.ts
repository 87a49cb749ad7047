/** Durations. */
import { describe, expect, it } from 'vitest'
import { parseDuration } from './duration.ts'

describe('parseDuration', () => {
  it.each([
    ['15m', 900],
    ['48h', 172_800],
    ['90s', 90],
    ['7d', 604_800],
    ['900', 900],
    ['0', 0],
    ['007s', 7],
    [900, 900],
    [0, 0],
  ])('reads %j as %i seconds', (duration, seconds) => {
    expect(parseDuration(duration)).toBe(seconds)
  })

  it.each([
    '',
    ' 15m',
    '15m ',
    '15 m',
    '15M',
    '15min',
    '15 minutes',
    '1h30m',
    '1.5h',
    '-15m',
    '+15m',
    '1e3',
    'm',
    '١٥m',
    '15m\n',
    '99999999999999999999d',
    1.5,
    -1,
    NaN,
    Infinity,
    2 ** 53,
    null,
    undefined,
    [900],
  ])('refuses %j', duration => {
    expect(() => parseDuration(duration as string)).toThrow(
      expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_INVALID' }),
    )
  })
})
