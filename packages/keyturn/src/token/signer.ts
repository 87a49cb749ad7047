/** Signing with a plain key. */
import { claimsText, parseLife } from './claims-text.ts'
import { CompactSigner } from './compact-signer.ts'
import { machineTime } from './machine-time.ts'
import { toNamedKey, type KeyInput, type LiveKeys, type LiveKeySet } from './key-set.ts'

export interface SignerOptions {
  /** The key that signs; its `kid`, if it has one, goes into the header. Or a keyring, for its active key. */
  readonly key: KeyInput | LiveKeys
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
 * @throws {TokenError} ERR_RING_STALE (503) with a keyring that has not heard of its store for too long
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
  const { issuer, audience, expiresIn, now = machineTime } = options
  const sign = signWith(options.key)
  const usualLife = expiresIn === undefined ? undefined : parseLife(expiresIn)
  return (claims, { expiresIn } = {}) => {
    const life = expiresIn === undefined ? usualLife : parseLife(expiresIn)
    return sign(maxLife => claimsText(claims, { life, maxLife, issuer, audience }, now()))
  }
}

function signWith(key: KeyInput | LiveKeys): (write: (maxLife?: number) => string) => string {
  if (typeof key === 'object' && key !== null && 'keySet' in key) {
    const keySet = key.keySet as LiveKeySet
    return write => keySet.sign(write)
  }
  const signer = new CompactSigner(toNamedKey(key, 'sign'))
  return write => signer.sign(write())
}
