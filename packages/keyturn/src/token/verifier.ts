/** Verifying tokens with plain keys, or with any key set. RFC 7519 §7.2, RFC 8725. */
import { ConfigError, TokenError, type ErrorCode } from '../errors.ts'
import {
  checkToken,
  defaultMaxTokenBytes,
  verdictNow,
  type Accepted,
  type TokenChecks,
  type Verified,
} from './check-token.ts'
import { machineTime } from './machine-time.ts'
import { asKeySet, type KeyInput, type KeySet, type LiveKeys } from './key-set.ts'
import type { Refusal } from './refusal.ts'
import { verdictCache, type CacheOption, type VerdictCache } from './verdict-cache.ts'

export interface VerifierOptions {
  /** Keys, each with its algorithm; or a keyring, whose changes the verifier follows at once. */
  readonly keys: readonly KeyInput[] | KeySet | LiveKeys
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
  /**
   * Remember tokens that were accepted, at most so many. A hit asks for the key again and compares the times again.
   * Payloads are then frozen, since everybody who brings the token gets the same one. @default false
   */
  readonly cache?: CacheOption | undefined
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
  const verifier = new TokenVerifier(options)
  const verify = (token: string): Verified => verifier.verify(token)
  const result = (token: string): VerifyResult => verifier.result(token)
  return Object.assign(verify, { result })
}

/** A class, so that all verifiers of a process run the same functions, which V8 then optimises as one. */
class TokenVerifier {
  readonly #keys: KeySet
  readonly #checks: TokenChecks
  readonly #now: () => number
  readonly #cache: VerdictCache | undefined

  constructor(options: VerifierOptions) {
    this.#checks = checkedOptions(options)
    this.#now = options.now ?? machineTime
    this.#keys = asKeySet(options.keys)
    this.#cache = verdictCache(options.cache)
  }

  verify(token: string): Verified {
    const verdict = this.#check(token)
    if (!verdict.ok) throw verdict.toError()
    return { header: verdict.header, payload: verdict.payload, kid: verdict.kid }
  }

  result(token: string): VerifyResult {
    try {
      const verdict = this.#check(token)
      return verdict.ok ? verdict : { ok: false, code: verdict.code }
    } catch (error) {
      // Of a key set that throws what it should return.
      if (error instanceof TokenError) return { ok: false, code: error.code }
      throw error
    }
  }

  #check(token: string): Accepted | Refusal {
    const keys = this.#keys
    const verdict = verdictNow(checkToken(token, keys, this.#checks, this.#now(), this.#cache), token, keys)
    keys.observe?.(verdict)
    return verdict
  }
}

/** An expectation that is empty or of the wrong type would be a check that silently is none. */
function checkedOptions(options: VerifierOptions): TokenChecks {
  const { issuer, audience, subject } = options
  for (const [name, text] of Object.entries({ issuer, subject }))
    if (text !== undefined && !isName(text)) throw invalid(`${name} is a text that is not empty`)
  if (audience !== undefined && !isName(audience) && !isListOfNames(audience))
    throw invalid('audience is a text that is not empty, or a list of them')
  const clockToleranceSeconds = checkedNumber(options, 'clockToleranceSeconds') ?? 0
  return {
    issuer,
    audience,
    subject,
    clockToleranceSeconds,
    expiryToleranceSeconds: clockToleranceSeconds,
    maxAgeSeconds: checkedNumber(options, 'maxAgeSeconds'),
    maxLifetimeSeconds: checkedNumber(options, 'maxLifetimeSeconds'),
    maxTokenBytes: checkedNumber(options, 'maxTokenBytes') ?? defaultMaxTokenBytes,
    requireExp: options.requireExp ?? true,
    requireKid: options.requireKid ?? false,
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
