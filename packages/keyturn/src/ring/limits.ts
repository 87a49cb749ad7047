/** checkLimits: durations that cannot sign anybody out by mistake. */
import { ConfigError } from '../errors.ts'
import { defaultLimits, type Limits } from './document.ts'

/** The shortest grace, in seconds, that outlives every honest token: maxTokenLife + maxStale + 2 × tolerance. */
export const leastGrace = ({ maxTokenLife, maxStale, tolerance }: Limits): number =>
  maxTokenLife + maxStale + 2 * tolerance

/**
 * Limits filled up with the defaults. The default grace is 48 h, so a short one is always somebody's explicit
 * choice; it must be at least {@link leastGrace}.
 * @throws {ConfigError} ERR_CONFIG_LIMITS
 */
export function checkLimits(given: Partial<Limits>): Limits {
  const limits = { ...defaultLimits, ...given }
  for (const [name, seconds] of Object.entries(limits)) {
    if (!Number.isSafeInteger(seconds) || seconds < 0 || (seconds === 0 && name !== 'tolerance'))
      throw new ConfigError('ERR_CONFIG_LIMITS', `${name} must be a whole number of seconds above zero`)
  }
  const least = leastGrace(limits)
  if (limits.grace < least) {
    throw new ConfigError(
      'ERR_CONFIG_LIMITS',
      `grace is ${limits.grace} s, but maxTokenLife + maxStale + 2 x tolerance is ${least} s: tokens would die early`,
    )
  }
  return limits
}
