/** checkToken: everything that is checked of a token, in order. RFC 7515 §5.2, RFC 7519 §7.2, RFC 8725 §3. */
import { isBase64url } from './base64url.ts'
import { checkClaims, readClaims, validityOf, type Claims, type Expectations } from './claims.ts'
import type { Algorithm } from '../ring/document.ts'
import { decodeHeader, type JwsHeader } from './header.ts'
import type { KeySet, NamedKey } from './key-set.ts'
import { KnownHeaders } from './known-headers.ts'
import { Refusal } from './refusal.ts'
import { isLoaded, loadText } from './signing-buffer.ts'
import type { VerdictCache } from './verdict-cache.ts'

/** A longer token is refused unread, and never signed. */
export const defaultMaxTokenBytes = 8192

/** What is checked of the JWS. */
export interface SignatureChecks {
  readonly maxTokenBytes: number
  /** Whether a token without `kid` is refused. */
  readonly requireKid: boolean
}

export interface TokenChecks extends SignatureChecks, Expectations {}

/** A token that was accepted. */
export interface Verified {
  readonly header: JwsHeader
  readonly payload: Claims
  /** Of the key that signed; undefined for a key without one. */
  readonly kid: string | undefined
}

export interface Accepted extends Verified {
  readonly ok: true
}

/** A token whose signature fits. */
export interface SignedToken {
  readonly header: JwsHeader
  /** Of the header; undefined for a token without one. */
  readonly kid: string | undefined
  readonly signer: NamedKey
  /** The payload segment, still encoded. */
  readonly payload: string
}

/** @param now epoch seconds */
export function checkToken(
  token: string,
  keys: KeySet,
  checks: TokenChecks,
  now: number,
  cache?: VerdictCache,
): Accepted | Refusal {
  const cached = cache?.find(token, keys, now)
  if (cached) return cached
  const signed = checkSignature(token, keys, checks, now) // size, segments, header, key, algorithm, MAC
  if (signed instanceof Refusal) return signed
  const payload = readClaims(signed.payload, true) // base64url, UTF-8, JSON, types of claims
  if (payload instanceof Refusal) return payload
  const refusal = checkClaims(payload, checks, now) // whose it is, times
  if (refusal) return refusal
  const accepted = { ok: true, header: signed.header, payload, kid: signed.signer.kid } as const
  cache?.add(token, accepted, signed, validityOf(payload, checks))
  return accepted
}

/** The verdict for who cannot wait: what a newer key set might accept, a key set that changes may not know. */
export function verdictNow(verdict: Accepted | Refusal, token: string, keys: KeySet): Accepted | Refusal {
  if (verdict.ok || !verdict.details?.mayChange) return verdict
  return keys.cannotKnow?.(token, verdict) ?? verdict
}

const knownHeaders = new KnownHeaders()

/** The JWS layer alone. @param now epoch seconds */
export function checkSignature(
  token: string,
  keys: KeySet,
  { maxTokenBytes, requireKid }: SignatureChecks,
  now: number,
): SignedToken | Refusal {
  if (typeof token !== 'string') return malformed('a token is a string')
  // Characters are never more than bytes, and whatever is not one byte is refused below.
  if (token.length > maxTokenBytes)
    return new Refusal('ERR_TOKEN_TOO_LARGE', { message: `the token is longer than ${maxTokenBytes} bytes` })
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  // Without a dot, first is -1 and second is too.
  if (second === -1 || token.indexOf('.', second + 1) !== -1) return malformed('a token has three segments')
  const ticket = loadText(token)
  if (ticket === 0) return malformed('a token is base64url and dots')
  const segment = token.slice(0, first)
  const known = knownHeaders.find(segment)
  const decoded = known ?? decodeHeader(segment)
  if (decoded instanceof Refusal) return decoded
  const { header, alg, kid } = decoded

  const signed = { token, dot: second, ticket }
  const signer =
    kid === undefined
      ? findUnnamed(signed, alg, keys, requireKid, now)
      : findNamed(signed, kid, alg, keys, now)
  if (signer instanceof Refusal)
    // A MAC that fits has the only spelling there is; of another one the spelling is looked at now.
    return isBase64url(token.slice(second + 1)) ? signer : malformed('the signature is not base64url')
  if (!known) knownHeaders.add(segment, decoded)
  return { header, kid, signer, payload: token.slice(first + 1, second) }
}

/** A token in the signing buffer. */
interface LoadedToken {
  readonly token: string
  /** Where the second dot is. */
  readonly dot: number
  readonly ticket: number
}

function verifies({ key }: NamedKey, { token, dot, ticket }: LoadedToken): boolean {
  // Whoever wrote the key set may have verified another token meanwhile.
  if (!isLoaded(ticket)) loadText(token)
  return key.verifiesLoaded(dot, token.length)
}

function findNamed(
  loaded: LoadedToken,
  kid: string,
  alg: Algorithm,
  keys: KeySet,
  now: number,
): NamedKey | Refusal {
  const named = keys.find(kid, now)
  if (!named) return new Refusal('ERR_KEY_NOT_FOUND', { mayChange: true })
  if (named instanceof Refusal) return named
  if (named.key.alg !== alg) return new Refusal('ERR_TOKEN_ALGORITHM', { kid: named.kid })
  return verifies(named, loaded) ? named : new Refusal('ERR_TOKEN_SIGNATURE', { kid: named.kid })
}

/** The first of the candidates whose MAC fits: the next one is tried only after a bad signature. */
function findUnnamed(
  loaded: LoadedToken,
  alg: Algorithm,
  keys: KeySet,
  requireKid: boolean,
  now: number,
): NamedKey | Refusal {
  if (requireKid) return new Refusal('ERR_TOKEN_KID_REQUIRED')
  const candidates = keys.candidates(now)
  if (candidates instanceof Refusal) return candidates
  let isAlgorithmHere = false
  for (const named of candidates) {
    if (named.key.alg !== alg) continue
    if (verifies(named, loaded)) return named
    isAlgorithmHere = true
  }
  return new Refusal(isAlgorithmHere ? 'ERR_TOKEN_SIGNATURE' : 'ERR_TOKEN_ALGORITHM', {
    mayChange: true,
  })
}

function malformed(message: string): Refusal {
  return new Refusal('ERR_TOKEN_MALFORMED', { message })
}
