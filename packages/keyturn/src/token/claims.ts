/** The claims of a token: types, then what the verifier expects. RFC 7519 §4.1. */
import { parseSegment } from './json.ts'
import { isJsonObject, NotJson } from './json-value.ts'
import { Refusal } from './refusal.ts'

/** A claims set whose registered claims have the right types. Times are epoch seconds. */
export interface Claims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
  readonly [name: string]: unknown
}

/** What a verifier expects of claims. What is absent is not checked, but for the times that a token brings. */
export interface Expectations {
  /** Equal to `iss`. */
  readonly issuer?: string | undefined
  /** A member of `aud`; of several, one is enough. */
  readonly audience?: string | readonly string[] | undefined
  /** Equal to `sub`. */
  readonly subject?: string | undefined
  /** Seconds by which clocks may differ, for nbf, iat and the age. */
  readonly clockToleranceSeconds: number
  /** Seconds for which a token is accepted after `exp`. */
  readonly expiryToleranceSeconds: number
  /** Longest time since `iat`. */
  readonly maxAgeSeconds?: number | undefined
  /** Longest time from `iat` to `exp`. */
  readonly maxLifetimeSeconds?: number | undefined
  /** Whether a token without `exp` is refused. */
  readonly requireExp: boolean
}

/**
 * Decodes the payload segment of a token. Refused: ERR_TOKEN_PAYLOAD unless it is a JSON object, ERR_TOKEN_CLAIM for
 * a registered claim of the wrong type.
 * @param isTrusted whether the signature fits
 */
export function readClaims(segment: string, isTrusted: boolean): Claims | Refusal {
  const claims = parseSegment(segment, isTrusted)
  if (claims instanceof NotJson) return notClaims(claims.what)
  if (!isJsonObject(claims)) return notClaims('it is not a JSON object')
  const fault = claimFault(claims)
  return fault === undefined ? claims : badClaim(fault)
}

/** What is wrong with the type of a registered claim, if anything. */
export function claimFault(claims: Unchecked): string | undefined {
  const { iss, sub, jti, exp, nbf, iat, aud } = claims
  if (!isText(iss) && Object.hasOwn(claims, 'iss')) return 'iss is not a string'
  if (!isText(sub) && Object.hasOwn(claims, 'sub')) return 'sub is not a string'
  if (!isText(jti) && Object.hasOwn(claims, 'jti')) return 'jti is not a string'
  if (!isTime(exp) && Object.hasOwn(claims, 'exp')) return 'exp is not a time in epoch seconds'
  if (!isTime(nbf) && Object.hasOwn(claims, 'nbf')) return 'nbf is not a time in epoch seconds'
  if (!isTime(iat) && Object.hasOwn(claims, 'iat')) return 'iat is not a time in epoch seconds'
  if (!isAudience(aud) && Object.hasOwn(claims, 'aud')) return 'aud is not a string or an array of strings'
  return undefined
}

/** Claims as they come, of any type. */
type Unchecked = { readonly [Name in 'iss' | 'sub' | 'jti' | 'exp' | 'nbf' | 'iat' | 'aud']?: unknown }

/**
 * Compares claims with what is expected: whose token it is, then its times.
 * @param now epoch seconds
 */
export function checkClaims(claims: Claims, expected: Expectations, now: number): Refusal | undefined {
  return checkParties(claims, expected) ?? checkTimes(claims, expected, now)
}

function checkParties(claims: Claims, { issuer, audience, subject }: Expectations): Refusal | undefined {
  if (issuer !== undefined && own(claims.iss, claims, 'iss') !== issuer)
    return new Refusal('ERR_TOKEN_ISSUER')
  if (audience !== undefined && !hasAudience(own(claims.aud, claims, 'aud'), audience))
    return new Refusal('ERR_TOKEN_AUDIENCE')
  if (subject !== undefined && own(claims.sub, claims, 'sub') !== subject)
    return new Refusal('ERR_TOKEN_SUBJECT')
  return undefined
}

/** Every comparison is written so that NaN, say from a broken clock, refuses the token. */
function checkTimes(claims: Claims, expected: Expectations, now: number): Refusal | undefined {
  const { clockToleranceSeconds: tolerance, maxAgeSeconds, maxLifetimeSeconds, requireExp } = expected
  const exp = own(claims.exp, claims, 'exp')
  const nbf = own(claims.nbf, claims, 'nbf')
  const iat = own(claims.iat, claims, 'iat')
  if (exp === undefined && (requireExp || maxLifetimeSeconds !== undefined)) return badClaim('exp is missing')
  if (iat === undefined && (maxAgeSeconds !== undefined || maxLifetimeSeconds !== undefined))
    return badClaim('iat is missing')
  if (exp !== undefined && !(now < exp + expected.expiryToleranceSeconds))
    return new Refusal('ERR_TOKEN_EXPIRED')
  if (nbf !== undefined && !(now >= nbf - tolerance)) return new Refusal('ERR_TOKEN_NOT_YET_VALID')
  if (iat === undefined) return undefined
  if (!(now >= iat - tolerance)) return new Refusal('ERR_TOKEN_ISSUED_IN_FUTURE')
  if (maxLifetimeSeconds !== undefined && exp !== undefined && !(exp - iat <= maxLifetimeSeconds))
    return new Refusal('ERR_TOKEN_LIFETIME')
  if (maxAgeSeconds !== undefined && !(now - iat <= maxAgeSeconds + tolerance))
    return new Refusal('ERR_TOKEN_AGE')
  return undefined
}

/** When claims that were accepted are accepted again, whatever else stays as it is. Epoch seconds. */
export interface Validity {
  readonly from: number
  /** Exclusive. */
  readonly until: number
}

/** The times between which `checkTimes` finds nothing. */
export function validityOf({ exp, nbf, iat }: Claims, expected: Expectations): Validity {
  const { clockToleranceSeconds: tolerance, expiryToleranceSeconds, maxAgeSeconds = Infinity } = expected
  return {
    from: Math.max(nbf ?? -Infinity, iat ?? -Infinity) - tolerance,
    until: Math.min(
      (exp ?? Infinity) + expiryToleranceSeconds,
      (iat ?? Infinity) + maxAgeSeconds + tolerance,
    ),
  }
}

/** Whether an `aud` claim names one of the audiences. */
export function hasAudience(
  aud: string | readonly string[] | undefined,
  audience: string | readonly string[],
): boolean {
  if (typeof aud === 'string') return typeof audience === 'string' ? aud === audience : audience.includes(aud)
  if (aud === undefined) return false
  return typeof audience === 'string' ? aud.includes(audience) : audience.some(each => aud.includes(each))
}

/** The value of a claim if it is the token's own: what somebody put on Object.prototype is not part of a token. */
function own<Value>(value: Value, claims: Claims, name: string): Value | undefined {
  return value === undefined || Object.hasOwn(claims, name) ? value : undefined
}

/** Absent is fine: in a JSON object nothing is undefined. */
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'

/** Whether a value is a time in epoch seconds that a double holds exactly. */
const isTime = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER)

const isAudience = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.every(each => typeof each === 'string'))

function badClaim(message: string): Refusal {
  return new Refusal('ERR_TOKEN_CLAIM', { message })
}

function notClaims(what: string): Refusal {
  return new Refusal('ERR_TOKEN_PAYLOAD', { message: `the payload is not a claims set: ${what}` })
}
