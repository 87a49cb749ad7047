/** The keys a verifier is given, checked once: text, bytes or oct JWKs. RFC 7517 §4, RFC 7518 §6.4. */
import { ConfigError } from '../errors.ts'
import { checkKeyMaterial } from '../secret/key-material.ts'
import { decodeBase64url } from './base64url.ts'
import type { Accepted } from './check-token.ts'
import { isAlgorithm, maxKidLength } from './header.ts'
import { HmacKey } from './hmac.ts'
import type { Refusal } from './refusal.ts'

/** A secret with its algorithm. */
export interface PlainKey {
  /** What the `kid` header of a token must equal. A key without one serves only tokens without one. */
  readonly kid?: string | undefined
  /** HS256, HS384 or HS512. */
  readonly alg: string
  /** A text counts as its UTF-8 bytes, as in PyJWT, jsonwebtoken and golang-jwt. */
  readonly secret: string | Uint8Array
}

/** A symmetric JSON Web Key. `alg` must be there: the key fixes the algorithm. */
export interface OctJwk {
  readonly kty: string
  /** The bytes, base64url. */
  readonly k?: string
  readonly alg?: string
  readonly kid?: string
  /** `sig` or absent. */
  readonly use?: string
  /** Absent, or with what the key is wanted for: `verify` or `sign`. */
  readonly key_ops?: readonly string[]
  readonly [name: string]: unknown
}

/** A key as callers give it. */
export type KeyInput = PlainKey | OctJwk

/** A key with the kid it is known by. */
export interface NamedKey {
  readonly kid: string | undefined
  readonly key: HmacKey
}

/** Where a verifier looks keys up: a fixed list, or a ring that changes. */
export interface KeySet {
  /** The key of that kid, or why it does not verify. Undefined when there is none. @param now epoch seconds */
  find(kid: string, now: number): NamedKey | Refusal | undefined
  /** Keys for a token that names none, in the order to try them. @param now epoch seconds */
  candidates(now: number): readonly NamedKey[] | Refusal
  /**
   * Asked about a token that a newer key set might accept. One that changes may say that it cannot know (503).
   * Absent, or undefined: the token is refused for good.
   */
  cannotKnow?(token: string, refusal: Refusal): Refusal | undefined
  /** Told of every verdict of a verifier, for counting. */
  observe?(verdict: Accepted | Refusal): void
}

/** The keys of a keyring: those that verify and the one that signs. */
export interface LiveKeySet extends KeySet {
  /**
   * Signs with the key that is active now.
   * @param write makes the claims, as JSON; it is given the longest life of a token, in seconds
   * @throws {TokenError} ERR_RING_STALE (503)
   */
  sign(write: (maxLife: number) => string): string
}

/** What holds keys that change: a keyring. */
export interface LiveKeys {
  readonly keySet: LiveKeySet
}

/**
 * The key set that a caller gave, or one made of the keys given.
 * @throws {ConfigError} as `createKeySet`
 */
export function asKeySet(keys: readonly KeyInput[] | KeySet | LiveKeys): KeySet {
  if (typeof keys === 'object' && keys !== null && !Array.isArray(keys)) {
    if ('keySet' in keys) return keys.keySet
    if ('find' in keys && 'candidates' in keys) return keys
  }
  return createKeySet(keys as readonly KeyInput[])
}

/**
 * Checks keys and makes them ready.
 * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK for a key shorter than its hash, ERR_CONFIG_INVALID for anything else
 */
export function createKeySet(inputs: readonly KeyInput[]): KeySet {
  if (!Array.isArray(inputs) || inputs.length === 0) throw invalid('keys is a list of at least one key')
  return new FixedKeySet(inputs.map((input: KeyInput) => toNamedKey(input, 'verify')))
}

class FixedKeySet implements KeySet {
  readonly #keys: readonly NamedKey[]
  readonly #byKid = new Map<string, NamedKey>()

  constructor(keys: readonly NamedKey[]) {
    this.#keys = keys
    for (const named of keys) {
      if (named.kid === undefined) continue
      if (this.#byKid.has(named.kid)) throw invalid('two keys have the same kid')
      this.#byKid.set(named.kid, named)
    }
    refuseEqualKeys(keys)
  }

  find(kid: string): NamedKey | undefined {
    return this.#byKid.get(kid)
  }

  candidates(): readonly NamedKey[] {
    return this.#keys
  }
}

/**
 * Makes one key ready.
 * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK, ERR_CONFIG_INVALID
 */
export function toNamedKey(input: KeyInput, operation: 'sign' | 'verify'): NamedKey {
  if (typeof input !== 'object' || input === null) throw invalid('a key is an object with alg and secret')
  const { kid, alg } = input
  if (!isAlgorithm(alg)) throw invalid('alg of a key is HS256, HS384 or HS512')
  if (kid !== undefined && !(typeof kid === 'string' && kid !== '' && kid.length <= maxKidLength))
    throw invalid(`kid of a key is a string of 1 to ${maxKidLength} characters`)
  const bytes = 'kty' in input ? bytesOfJwk(input, operation) : bytesOfSecret(input.secret)
  return { kid, key: new HmacKey(alg, bytes) }
}

function bytesOfJwk(jwk: OctJwk, operation: 'sign' | 'verify'): Uint8Array {
  if (jwk.kty !== 'oct') throw invalid('kty of a JWK is oct: only symmetric keys serve HMAC')
  if (jwk.use !== undefined && jwk.use !== 'sig') throw invalid('use of a JWK is sig, or absent')
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes(operation)))
    throw invalid(`key_ops of a JWK includes ${operation}, or is absent`)
  const bytes = typeof jwk.k === 'string' ? decodeBase64url(jwk.k) : undefined
  if (!bytes) throw invalid('k of a JWK is base64url without padding')
  refuseKeyMaterial(Buffer.from(bytes).toString('base64'))
  return bytes
}

function bytesOfSecret(secret: string | Uint8Array): Uint8Array {
  if (secret instanceof Uint8Array) {
    refuseKeyMaterial(Buffer.from(secret).toString('base64'))
    return secret
  }
  // A lone surrogate has no UTF-8: different texts would become the same bytes.
  if (typeof secret !== 'string' || /\p{Surrogate}/u.test(secret))
    throw invalid('the secret of a key is text or a Uint8Array')
  refuseKeyMaterial(secret)
  return new TextEncoder().encode(secret)
}

/** With somebody's public key as its secret, a verifier would take tokens from anybody. */
function refuseKeyMaterial(text: string): void {
  const [finding] = checkKeyMaterial(text, 'a key')
  if (finding) throw invalid(finding.message)
}

function refuseEqualKeys(keys: readonly NamedKey[]): void {
  const seen = new Set<string>()
  for (const mark of keys.flatMap(named => named.key.marks())) {
    if (seen.has(mark)) throw invalid('two keys are the same HMAC key')
    seen.add(mark)
  }
}

function invalid(message: string): ConfigError {
  return new ConfigError('ERR_CONFIG_INVALID', message)
}
