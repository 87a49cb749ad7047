/** claimsText: claims as the JSON that is signed. Nothing passes that our own verifier would refuse. */
import { KeyturnError } from '../errors.ts'
import { claimFault, hasAudience, type Claims } from './claims.ts'
import { parseDuration } from './duration.ts'
import { isPlainObject, ObjectText, unsignable } from './json-text.ts'

/** What the signer adds to the claims of a caller, and what it asks of them. */
export interface SigningChecks {
  /** Life of the token in seconds. Absent: the claims bring their own `exp`, or there is none. */
  readonly life: number | undefined
  /** Latest `exp`, in seconds from now. */
  readonly maxLife?: number | undefined
  /** `iss`, unless the claims have it. */
  readonly issuer?: string | undefined
  /** `aud`, unless the claims have it. */
  readonly audience?: string | readonly string[] | undefined
}

/**
 * Writes claims with `iss`, `aud`, `iat` and `exp` added. Members that are undefined are dropped, as JSON.stringify
 * does. An `iat` of the caller is kept, and `exp` counts from it.
 * @param now epoch seconds
 * @throws {KeyturnError} ERR_SIGN_CLAIM for a claim that a verifier would refuse or JSON cannot carry,
 *   ERR_SIGN_LIFETIME for an `exp` beyond `maxLife`
 */
export function claimsText(claims: Record<string, unknown>, checks: SigningChecks, now: number): string {
  if (!isPlainObject(claims)) throw unsignable('claims are a plain object')
  const text = new ObjectText()
  const registered: Registered = {
    iss: undefined,
    sub: undefined,
    aud: undefined,
    exp: undefined,
    nbf: undefined,
    iat: undefined,
    jti: undefined,
  }
  for (const name of Object.keys(claims)) {
    const given = claims[name]
    const value = name === 'aud' && Array.isArray(given) ? [...(given as unknown[])] : given
    text.add(name, value, 1)
    if (isRegistered(name)) registered[name] = value as never
  }
  addAbsent(registered, text, checks, now)
  const fault = claimFault(registered) ?? faultOfTimes(registered, now) ?? faultOfParties(registered, checks)
  if (fault !== undefined) throw unsignable(fault)
  const { maxLife } = checks
  if (maxLife !== undefined && !((registered.exp ?? Infinity) - now <= maxLife))
    throw new KeyturnError('ERR_SIGN_LIFETIME', `exp is beyond maxTokenLife, ${maxLife} s from now`)
  return text.end()
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

/** RFC 7519 §4.1, as far as they are checked. */
type Registered = {
  -readonly [Name in 'iss' | 'sub' | 'aud' | 'exp' | 'nbf' | 'iat' | 'jti']: Claims[Name] | undefined
}

const isRegistered = (name: string): name is keyof Registered =>
  name === 'iss' ||
  name === 'sub' ||
  name === 'aud' ||
  name === 'exp' ||
  name === 'nbf' ||
  name === 'iat' ||
  name === 'jti'

function addAbsent(registered: Registered, text: ObjectText, checks: SigningChecks, now: number): void {
  const { life, issuer, audience } = checks
  if (registered.iss === undefined) text.add('iss', issuer, 1)
  if (registered.aud === undefined) text.add('aud', audience, 1)
  if (registered.iat === undefined) text.add('iat', (registered.iat = Math.floor(now)), 1)
  if (life === undefined) return
  if (registered.exp !== undefined) throw unsignable('exp is given twice: drop it or expiresIn')
  // An iat of another type is refused with the others.
  if (typeof registered.iat === 'number') text.add('exp', (registered.exp = registered.iat + life), 1)
}

function faultOfTimes(
  { exp = Infinity, nbf = -Infinity, iat = -Infinity }: Registered,
  now: number,
): string | undefined {
  if (!(iat <= now)) return 'iat is in the future'
  if (!(exp > now)) return 'exp is not in the future'
  if (!(exp > nbf)) return 'nbf is not before exp'
  return undefined
}

function faultOfParties({ iss, aud }: Registered, { issuer, audience }: SigningChecks): string | undefined {
  if (issuer !== undefined && iss !== undefined && iss !== issuer)
    return 'iss is not the issuer of this signer'
  if (audience !== undefined && aud !== undefined && !hasAudience(aud, audience))
    return 'aud is not the audience of this signer'
  return undefined
}
