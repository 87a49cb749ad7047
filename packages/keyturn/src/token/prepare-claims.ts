/** Making claims ready to be signed: nothing passes that our own verifier would refuse. */
import { KeyturnError } from '../errors.ts'
import { claimFault, hasAudience, own, type Claims } from './claims.ts'
import { parseDuration } from './duration.ts'
import { forbiddenNames, maxDepth, maxMembers } from './json.ts'

/** What the signer adds to the claims of a caller. */
export interface PrepareOptions {
  /** Life of the token, in seconds or as `'15m'`. Absent: the claims bring their own `exp`, or there is none. */
  readonly expiresIn?: number | string | undefined
  /** `iss`, unless the claims have it. */
  readonly issuer?: string | undefined
  /** `aud`, unless the claims have it. */
  readonly audience?: string | readonly string[] | undefined
  /** Epoch seconds. */
  readonly now: number
}

/**
 * Copies claims, adds `iat`, `exp`, `iss` and `aud`, and checks the whole. Members that are undefined are
 * dropped, as JSON.stringify does. An `iat` of the caller is kept, and `exp` counts from it.
 * @throws {KeyturnError} ERR_SIGN_CLAIM for a claim that a verifier would refuse or JSON cannot carry,
 *   ERR_SIGN_LIFETIME for an `expiresIn` that is not a positive duration
 */
export function prepareClaims(claims: Record<string, unknown>, options: PrepareOptions): Claims {
  if (!isPlainObject(claims)) throw refused('claims are a plain object')
  const life = options.expiresIn === undefined ? undefined : parseLife(options.expiresIn)
  const given = copyOf(claims, 1) as Record<string, unknown>
  if (life !== undefined && Object.hasOwn(given, 'exp'))
    throw refused('exp is given twice: drop it or expiresIn')
  const { now, issuer: iss, audience: aud } = options
  const whole: Record<string, unknown> = { iat: Math.floor(now), iss, aud, ...given }
  if (life !== undefined && typeof whole['iat'] === 'number') whole['exp'] = whole['iat'] + life
  const prepared = copyOf(whole, 1) as Claims
  const fault = claimFault(prepared) ?? faultOfTimes(prepared, now) ?? faultOfParties(prepared, options)
  if (fault !== undefined) throw refused(fault)
  return prepared
}

/** Seconds of a life. @throws {KeyturnError} ERR_SIGN_LIFETIME unless it is a positive duration */
export function parseLife(expiresIn: number | string): number {
  let seconds = 0
  try {
    seconds = parseDuration(expiresIn)
  } catch {
    // Refused below, with the code of signing.
  }
  if (seconds > 0) return seconds
  throw new KeyturnError(
    'ERR_SIGN_LIFETIME',
    "expiresIn is a whole, positive number of seconds, or a duration such as '15m'",
  )
}

function faultOfTimes(claims: Claims, now: number): string | undefined {
  const exp = own(claims, 'exp') ?? Infinity
  const nbf = own(claims, 'nbf') ?? -Infinity
  const iat = own(claims, 'iat') ?? -Infinity
  if (!(iat <= now)) return 'iat is in the future'
  if (!(exp > now)) return 'exp is not in the future'
  if (!(exp > nbf)) return 'nbf is not before exp'
  return undefined
}

function faultOfParties(claims: Claims, { issuer, audience }: PrepareOptions): string | undefined {
  if (issuer !== undefined && own(claims, 'iss') !== issuer) return 'iss is not the issuer of this signer'
  if (audience !== undefined && !hasAudience(own(claims, 'aud'), audience))
    return 'aud is not the audience of this signer'
  return undefined
}

/** A copy that holds JSON and nothing else, so that a getter or a toJSON cannot change it after the check. */
function copyOf(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw refused('a number is not finite')
  }
  const isArray = Array.isArray(value)
  if (!isArray && !isPlainObject(value))
    throw refused(
      'a value is not JSON: use strings, finite numbers, booleans, null, arrays and plain objects',
    )
  if (depth > maxDepth) throw refused(`they nest deeper than ${maxDepth} levels`)
  return isArray ? Array.from(value, each => copyOf(each, depth + 1)) : copyOfObject(value, depth)
}

function copyOfObject(object: Record<string, unknown>, depth: number): Record<string, unknown> {
  const members = Object.entries(object).filter(([, value]) => value !== undefined)
  if (members.length > maxMembers) throw refused(`an object has more than ${maxMembers} members`)
  if (members.some(([name]) => forbiddenNames.has(name)))
    throw refused('__proto__, constructor and prototype are not accepted as names')
  return Object.fromEntries(members.map(([name, value]) => [name, copyOf(value, depth + 1)]))
}

/** Made by braces, JSON or Object.create(null), in this realm or another: no class, so no hidden meaning. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function refused(what: string): KeyturnError {
  return new KeyturnError('ERR_SIGN_CLAIM', `the claims cannot be signed: ${what}`)
}
