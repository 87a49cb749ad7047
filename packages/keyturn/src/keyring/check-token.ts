/** checkToken: key, state, algorithm, signature and claims of one token, against one ring. */
import { TokenError, type ErrorCode } from '../errors.ts'
import type { RingKey } from '../ring/document.ts'
import { isPast } from '../ring/keys.ts'
import { checkClaims, readClaims, type Claims, type Expectations } from '../token/claims.ts'
import { verifySignature, type DecodedToken } from '../token/compact.ts'
import type { JwsHeader } from '../token/header.ts'
import type { KeyTable, TableEntry } from './key-table.ts'

/** A token that was accepted. */
export interface Authenticated {
  readonly header: JwsHeader
  readonly payload: Claims
  /** Of the key that signed. */
  readonly kid: string
}

export interface KeyringChecks {
  /** Becomes `iss` when signing; what `iss` must equal when verifying. */
  readonly issuer?: string | undefined
  /** Becomes `aud` when signing; what `aud` must contain when verifying. */
  readonly audience?: string | readonly string[] | undefined
  /** Refuse a token without `kid`. @default false */
  readonly requireKid?: boolean | undefined
}

/**
 * The token's claims; undefined when no key of this ring can have signed it.
 * @param now epoch seconds
 * @throws {TokenError} one code per reason
 */
export function checkToken(
  decoded: DecodedToken,
  table: KeyTable,
  checks: KeyringChecks,
  now: number,
): Authenticated | undefined {
  const entry = signerOf(decoded, table, checks, now)
  if (!entry) return undefined
  const payload = readClaims(decoded)
  const { issuer, audience } = checks
  const { tolerance } = table.ring.document.limits
  const expected: Expectations = { issuer, audience, clockToleranceSeconds: tolerance, requireExp: true }
  checkClaims(payload, expected, now)
  // The tolerance is for clocks that are ahead; an expiry is exact, so that no instance prolongs a token.
  if (!(now < (payload.exp ?? 0))) throw new TokenError('ERR_TOKEN_EXPIRED')
  return { header: decoded.header, payload, kid: entry.key.kid }
}

function signerOf(
  decoded: DecodedToken,
  table: KeyTable,
  checks: KeyringChecks,
  now: number,
): TableEntry | undefined {
  const { kid, alg } = decoded.header
  if (kid === undefined) {
    if (checks.requireKid) throw new TokenError('ERR_TOKEN_KID_REQUIRED')
    return table.candidates(now).find(({ hmac }) => hmac?.alg === alg && verifySignature(decoded, hmac))
  }
  const entry = table.find(kid)
  if (!entry) return undefined
  refuseDead(entry.key, now)
  if (!entry.hmac) return undefined
  if (alg !== entry.hmac.alg) throw about(entry.key.kid, 'ERR_TOKEN_ALGORITHM')
  if (!verifySignature(decoded, entry.hmac)) throw about(entry.key.kid, 'ERR_TOKEN_SIGNATURE')
  return entry
}

function refuseDead(key: RingKey, now: number): void {
  if (key.state === 'compromised') throw about(key.kid, 'ERR_KEY_COMPROMISED')
  if (key.state === 'suspended') throw new TokenError('ERR_KEY_SUSPENDED')
  if (key.state === 'retiring' && isPast(key.verifyUntil, now)) throw new TokenError('ERR_KEY_RETIRED')
}

/** Why nobody signed it: with a kid, no key has it; without, no key's MAC fits. */
export function unknownSigner({ header }: DecodedToken, table: KeyTable, now: number): TokenError {
  if (header.kid !== undefined) return new TokenError('ERR_KEY_NOT_FOUND')
  const fits = table.candidates(now).some(({ hmac }) => hmac?.alg === header.alg)
  return new TokenError(fits ? 'ERR_TOKEN_SIGNATURE' : 'ERR_TOKEN_ALGORITHM')
}

/** Which key a refusal is about, for security events. */
const kids = new WeakMap<TokenError, string>()

export const kidOfRefusal = (error: TokenError): string | undefined => kids.get(error)

function about(kid: string, code: ErrorCode): TokenError {
  const error = new TokenError(code)
  kids.set(error, kid)
  return error
}
