/** checkLimits: durations that cannot sign anybody out by mistake. */
import { ConfigError } from '../errors.ts'
import { defaultLimits, type Limits } from './document.ts'

const shortGrace = 86_400

/**
 * Limits filled up with the defaults.
 * A grace that must be shorter than 24 h has to be set explicitly; it must cover
 * maxTokenLife + maxStale + 2 × tolerance.
 * @throws {ConfigError} ERR_CONFIG_LIMITS
 */
export function checkLimits(given: Partial<Limits>): Limits {
  const limits = { ...defaultLimits, ...given }
  for (const [name, seconds] of Object.entries(limits)) {
    if (!Number.isSafeInteger(seconds) || seconds < 0 || (seconds === 0 && name !== 'tolerance'))
      throw new ConfigError('ERR_CONFIG_LIMITS', `${name} must be a whole number of seconds above zero`)
  }
  const least = limits.maxTokenLife + limits.maxStale + 2 * limits.tolerance
  if (limits.grace < least) {
    throw new ConfigError(
      'ERR_CONFIG_LIMITS',
      `grace is ${limits.grace} s, but maxTokenLife + maxStale + 2 x tolerance is ${least} s: tokens would die early`,
    )
  }
  if (limits.grace < shortGrace && given.grace === undefined)
    throw new ConfigError('ERR_CONFIG_LIMITS', 'a grace under 24 h must be set explicitly')
  return limits
}
