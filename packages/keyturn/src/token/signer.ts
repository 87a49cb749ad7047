/** Signing with a plain key. */
import { signCompact } from './compact.ts'
import { toNamedKey, type KeyInput } from './key-set.ts'
import { parseLife, prepareClaims } from './prepare-claims.ts'

export interface SignerOptions {
  /** The key that signs. Its `kid`, if it has one, goes into the header. */
  readonly key: KeyInput
  /** Becomes `iss`. Claims with another `iss` are refused. */
  readonly issuer?: string | undefined
  /** Becomes `aud`. Claims with an `aud` that names none of these are refused. */
  readonly audience?: string | readonly string[] | undefined
  /** Life of each token: seconds, or a duration such as `'15m'`. Absent: the claims bring their own `exp`, or there is none. */
  readonly expiresIn?: number | string | undefined
  /** Epoch seconds. @default the machine's clock */
  readonly now?: (() => number) | undefined
}

/** What one call may change. */
export interface SignOptions {
  /** Instead of the signer's: seconds, or a duration such as `'15m'`. */
  readonly expiresIn?: number | string | undefined
}

/**
 * Signs claims; `iat` is added, and `exp` from `expiresIn`.
 * @throws {KeyturnError} ERR_SIGN_CLAIM for claims that our own verifier would refuse or JSON cannot carry,
 *   ERR_SIGN_LIFETIME when `expiresIn` is not a positive duration
 */
export type Signer = (claims: Record<string, unknown>, options?: SignOptions) => string

/**
 * Makes a signer.
 * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK when the key is shorter than its hash, ERR_CONFIG_INVALID for another fault of it
 * @throws {KeyturnError} ERR_SIGN_LIFETIME when `expiresIn` is not a positive duration
 * @example
 * const sign = createSigner({ key: { kid: 'a', alg: 'HS256', secret }, expiresIn: '15m' })
 * const token = sign({ sub: user.id })
 */
export function createSigner(options: SignerOptions): Signer {
  const { issuer, audience, now = () => Date.now() / 1000 } = options
  const { key, kid } = toNamedKey(options.key, 'sign')
  const life = options.expiresIn === undefined ? undefined : parseLife(options.expiresIn)
  return (claims, { expiresIn = life } = {}) =>
    signCompact(prepareClaims(claims, { expiresIn, issuer, audience, now: now() }), key, kid)
}
