/** Durations as people write them: `15m`, `48h`, seconds. */
import { ConfigError } from '../errors.ts'

const secondsOf = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/**
 * Seconds of a duration: a whole number of seconds, or digits with `s`, `m`, `h` or `d`. Digits alone are
 * seconds, also as text.
 * @throws {ConfigError} ERR_CONFIG_INVALID for anything else
 */
export function parseDuration(duration: number | string): number {
  const seconds = typeof duration === 'string' ? secondsOfText(duration) : duration
  if (!Number.isSafeInteger(seconds) || seconds < 0) {
    throw new ConfigError(
      'ERR_CONFIG_INVALID',
      'a duration is a whole number of seconds, or digits with s, m, h or d, such as 15m',
    )
  }
  return seconds
}

function secondsOfText(text: string): number {
  const [, digits, unit = 's'] = /^([0-9]+)([smhd])?$/.exec(text) ?? []
  return digits === undefined ? NaN : Number(digits) * secondsOf[unit as keyof typeof secondsOf]
}
