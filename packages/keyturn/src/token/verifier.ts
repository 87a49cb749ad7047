/** Verifying tokens with plain keys, or with any key set. RFC 7519 §7.2, RFC 8725. */
import { ConfigError, TokenError, type ErrorCode } from '../errors.ts'
import { checkClaims, readClaims, type Claims, type Expectations } from './claims.ts'
import { decodeCompact, defaultMaxTokenBytes, findSigner } from './compact.ts'
import type { JwsHeader } from './header.ts'
import { asKeySet, type KeyInput, type KeySet } from './key-set.ts'

export interface VerifierOptions {
  /** Keys, each with its algorithm; or a key set that changes by itself. */
  readonly keys: readonly KeyInput[] | KeySet
  /** What `iss` must equal. Absent: not checked. */
  readonly issuer?: string | undefined
  /** What `aud` must contain; of several, one is enough. Absent: not checked. */
  readonly audience?: string | readonly string[] | undefined
  /** What `sub` must equal. Absent: not checked. */
  readonly subject?: string | undefined
  /** Seconds by which clocks may differ. @default 0 */
  readonly clockToleranceSeconds?: number | undefined
  /** Longest time since `iat`, which must then be there. */
  readonly maxAgeSeconds?: number | undefined
  /** Longest time from `iat` to `exp`, which must then be there. */
  readonly maxLifetimeSeconds?: number | undefined
  /** @default 8192 */
  readonly maxTokenBytes?: number | undefined
  /** Refuse a token without `exp`. @default true */
  readonly requireExp?: boolean | undefined
  /** Refuse a token without `kid`. @default false */
  readonly requireKid?: boolean | undefined
  /** Epoch seconds. @default the machine's clock */
  readonly now?: (() => number) | undefined
}

/** A token that was accepted. */
export interface Verified {
  readonly header: JwsHeader
  readonly payload: Claims
  /** Of the key that signed; undefined for a key without one. */
  readonly kid: string | undefined
}

/** The answer of `verify.result`. */
export type VerifyResult =
  ({ readonly ok: true } & Verified) | { readonly ok: false; readonly code: ErrorCode }

export interface Verifier {
  /** @throws {TokenError} with one code for each reason: ERR_TOKEN_EXPIRED, ERR_TOKEN_SIGNATURE, ERR_KEY_NOT_FOUND, … */
  (token: string): Verified
  /** The same as a value, with the code in place of the error. */
  result(token: string): VerifyResult
}

/**
 * Makes a verifier. A token with a kid is verified by the key of that kid alone. A token without one is tried
 * with each key of its algorithm until a signature fits; what its claims say then stands.
 * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK when a key is shorter than its hash, ERR_CONFIG_INVALID for an option
 *   that is not valid, a kid that comes twice, or two keys that are one HMAC key
 * @example
 * const verify = createVerifier({ keys: [{ kid: 'a', alg: 'HS256', secret }], issuer: 'https://api.example' })
 * const { payload } = verify(token)
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const expected = checkedExpectations(options)
  const { requireKid = false, now = () => Date.now() / 1000 } = options
  const maxTokenBytes = checkedNumber(options, 'maxTokenBytes') ?? defaultMaxTokenBytes
  const keys = asKeySet(options.keys)

  const verify = (token: string): Verified => {
    const decoded = decodeCompact(token, maxTokenBytes) // size, three segments, header
    const { kid } = findSigner(decoded, keys, requireKid) // key, algorithm, signature
    const payload = readClaims(decoded) // base64url, UTF-8, JSON, types of claims
    checkClaims(payload, expected, now()) // whose it is, times
    return { header: decoded.header, payload, kid }
  }

  const result = (token: string): VerifyResult => {
    try {
      return { ok: true, ...verify(token) }
    } catch (error) {
      if (error instanceof TokenError) return { ok: false, code: error.code }
      throw error
    }
  }

  return Object.assign(verify, { result })
}

/** An expectation that is empty or of the wrong type would be a check that silently is none. */
function checkedExpectations(options: VerifierOptions): Expectations {
  const { issuer, audience, subject } = options
  for (const [name, text] of Object.entries({ issuer, subject }))
    if (text !== undefined && !isName(text)) throw invalid(`${name} is a text that is not empty`)
  if (audience !== undefined && !isName(audience) && !isListOfNames(audience))
    throw invalid('audience is a text that is not empty, or a list of them')
  return {
    issuer,
    audience,
    subject,
    clockToleranceSeconds: checkedNumber(options, 'clockToleranceSeconds') ?? 0,
    maxAgeSeconds: checkedNumber(options, 'maxAgeSeconds'),
    maxLifetimeSeconds: checkedNumber(options, 'maxLifetimeSeconds'),
    requireExp: options.requireExp ?? true,
  }
}

type NumberOption = 'clockToleranceSeconds' | 'maxAgeSeconds' | 'maxLifetimeSeconds' | 'maxTokenBytes'

function checkedNumber(options: VerifierOptions, name: NumberOption): number | undefined {
  const value = options[name]
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return value
  throw invalid(`${name} is a number, 0 or more`)
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isName)
}

function invalid(message: string): ConfigError {
  return new ConfigError('ERR_CONFIG_INVALID', message)
}
