/** The claims of a token: types, then what the verifier expects. RFC 7519 §4.1. */
import { TokenError } from '../errors.ts'
import { decodeBase64url } from './base64url.ts'
import { isJsonObject, parseJsonBytes } from './json.ts'

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
  /** Seconds by which clocks may differ, for exp, nbf, iat and the age. */
  readonly clockToleranceSeconds: number
  /** Longest time since `iat`. */
  readonly maxAgeSeconds?: number | undefined
  /** Longest time from `iat` to `exp`. */
  readonly maxLifetimeSeconds?: number | undefined
  /** Whether a token without `exp` is refused. */
  readonly requireExp: boolean
}

/**
 * Decodes the payload of a token whose signature fits.
 * @throws {TokenError} ERR_TOKEN_PAYLOAD unless it is a JSON object, ERR_TOKEN_CLAIM for a registered claim of the wrong type
 */
export function readClaims(token: { readonly payload: string }): Claims {
  const bytes = decodePayload(token.payload)
  let claims: unknown
  try {
    claims = parseJsonBytes(bytes)
  } catch (error) {
    throw notClaims((error as SyntaxError).message)
  }
  if (!isJsonObject(claims)) throw notClaims('it is not a JSON object')
  const fault = claimFault(claims)
  if (fault !== undefined) throw new TokenError('ERR_TOKEN_CLAIM', fault)
  return claims
}

/** The bytes of the payload segment. @throws {TokenError} ERR_TOKEN_PAYLOAD */
export function decodePayload(segment: string): Uint8Array {
  const bytes = decodeBase64url(segment)
  if (!bytes) throw notClaims('it is not base64url')
  return bytes
}

/** What is wrong with the type of a registered claim, if anything. */
export function claimFault(claims: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['iss', 'sub', 'jti']) {
    if (Object.hasOwn(claims, name) && typeof claims[name] !== 'string') return `${name} is not a string`
  }
  for (const name of ['exp', 'nbf', 'iat']) {
    if (Object.hasOwn(claims, name) && !isTime(claims[name])) return `${name} is not a time in epoch seconds`
  }
  if (Object.hasOwn(claims, 'aud') && !isAudience(claims['aud']))
    return 'aud is not a string or an array of strings'
  return undefined
}

/**
 * Compares claims with what is expected: whose token it is, then its times.
 * @param now epoch seconds
 * @throws {TokenError} one code for each reason
 */
export function checkClaims(claims: Claims, expected: Expectations, now: number): void {
  checkParties(claims, expected)
  checkTimes(claims, expected, now)
}

function checkParties(claims: Claims, { issuer, audience, subject }: Expectations): void {
  if (issuer !== undefined && own(claims, 'iss') !== issuer) throw new TokenError('ERR_TOKEN_ISSUER')
  if (audience !== undefined && !hasAudience(own(claims, 'aud'), audience))
    throw new TokenError('ERR_TOKEN_AUDIENCE')
  if (subject !== undefined && own(claims, 'sub') !== subject) throw new TokenError('ERR_TOKEN_SUBJECT')
}

/** Every comparison is written so that NaN, say from a broken clock, refuses the token. */
function checkTimes(claims: Claims, expected: Expectations, now: number): void {
  const { clockToleranceSeconds: tolerance, maxAgeSeconds, maxLifetimeSeconds, requireExp } = expected
  const exp = own(claims, 'exp')
  const nbf = own(claims, 'nbf')
  const iat = own(claims, 'iat')
  if (exp === undefined && (requireExp || maxLifetimeSeconds !== undefined)) throw missing('exp')
  if (iat === undefined && (maxAgeSeconds !== undefined || maxLifetimeSeconds !== undefined))
    throw missing('iat')
  if (exp !== undefined && !(now < exp + tolerance)) throw new TokenError('ERR_TOKEN_EXPIRED')
  if (nbf !== undefined && !(now >= nbf - tolerance)) throw new TokenError('ERR_TOKEN_NOT_YET_VALID')
  if (iat === undefined) return
  if (!(now >= iat - tolerance)) throw new TokenError('ERR_TOKEN_ISSUED_IN_FUTURE')
  if (maxLifetimeSeconds !== undefined && exp !== undefined && !(exp - iat <= maxLifetimeSeconds))
    throw new TokenError('ERR_TOKEN_LIFETIME')
  if (maxAgeSeconds !== undefined && !(now - iat <= maxAgeSeconds + tolerance))
    throw new TokenError('ERR_TOKEN_AGE')
}

/** Whether an `aud` claim names one of the audiences. */
export function hasAudience(
  aud: string | readonly string[] | undefined,
  audience: string | readonly string[],
): boolean {
  if (aud === undefined) return false
  const named = typeof aud === 'string' ? [aud] : aud
  const wanted = typeof audience === 'string' ? [audience] : audience
  return wanted.some(each => named.includes(each))
}

/** An own claim: what somebody put on Object.prototype is not part of a token. */
export function own<Name extends keyof Claims>(claims: Claims, name: Name): Claims[Name] | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
}

function isAudience(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every(each => typeof each === 'string'))
}

function missing(name: string): TokenError {
  return new TokenError('ERR_TOKEN_CLAIM', `${name} is missing`)
}

function notClaims(what: string): TokenError {
  return new TokenError('ERR_TOKEN_PAYLOAD', `the payload is not a claims set: ${what}`)
}
