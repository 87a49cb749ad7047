/** Compact JWS: taking a token apart, finding the key that signed it, putting one together. RFC 7515 §5, §7.1. */
import { KeyturnError, TokenError } from '../errors.ts'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { decodePayload, type Claims } from './claims.ts'
import { decodeHeader, encodeHeader, type JwsHeader } from './header.ts'
import type { HmacKey } from './hmac.ts'
import { asKeySet, type KeyInput, type KeySet, type NamedKey } from './key-set.ts'

/** A longer token is refused unread, and never signed. */
export const defaultMaxTokenBytes = 8192

/** A token taken apart. Nothing of it can be trusted before its signature fits. */
export interface DecodedToken {
  readonly header: JwsHeader
  /** What was signed: the first two segments with the dot between them. */
  readonly signingInput: string
  readonly signature: Uint8Array
  /** The payload segment, still encoded. */
  readonly payload: string
}

/** What `compactVerify` needs to know beside the keys. */
export interface CompactVerifyOptions {
  /** @default 8192 */
  readonly maxTokenBytes?: number
  /** Refuse a token without `kid`. @default false */
  readonly requireKid?: boolean
}

/** A JWS whose signature fits. */
export interface CompactVerified {
  readonly header: JwsHeader
  /** The bytes of the payload, whatever they are. */
  readonly payload: Uint8Array
  /** Of the key that signed. */
  readonly kid: string | undefined
}

/**
 * Verifies the JWS layer alone, for a payload that is no claims set. For access tokens use `createVerifier`:
 * nothing here looks at `exp`.
 * @throws {TokenError} one code for each reason
 * @throws {ConfigError} ERR_CONFIG_INVALID, ERR_CONFIG_SECRET_WEAK when a key is not acceptable
 */
export function compactVerify(
  token: string,
  keys: readonly KeyInput[] | KeySet,
  options: CompactVerifyOptions = {},
): CompactVerified {
  const keySet = asKeySet(keys)
  const decoded = decodeCompact(token, options.maxTokenBytes)
  const { kid } = findSigner(decoded, keySet, options.requireKid)
  return { header: decoded.header, payload: decodePayload(decoded.payload), kid }
}

/**
 * Takes a token apart: size, three segments, header, encoding of the signature, in this order.
 * @throws {TokenError} ERR_TOKEN_TOO_LARGE, ERR_TOKEN_MALFORMED, ERR_TOKEN_HEADER, ERR_TOKEN_ALGORITHM
 */
export function decodeCompact(token: string, maxBytes: number = defaultMaxTokenBytes): DecodedToken {
  if (typeof token !== 'string') throw new TokenError('ERR_TOKEN_MALFORMED', 'a token is a string')
  // Characters are never more than bytes, and whatever is not one byte is refused as base64url.
  if (token.length > maxBytes)
    throw new TokenError('ERR_TOKEN_TOO_LARGE', `the token is longer than ${maxBytes} bytes`)
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  // Without a dot, first is -1 and second is too.
  if (second === -1 || token.includes('.', second + 1))
    throw new TokenError('ERR_TOKEN_MALFORMED', 'a token has three segments')
  const header = decodeHeader(token.slice(0, first))
  const signature = decodeBase64url(token.slice(second + 1))
  if (!signature) throw new TokenError('ERR_TOKEN_MALFORMED', 'the signature is not base64url')
  return { header, signature, signingInput: token.slice(0, second), payload: token.slice(first + 1, second) }
}

/**
 * Finds the key that signed a token: by its kid, or among all candidates if it has none.
 * @throws {TokenError} ERR_TOKEN_KID_REQUIRED, ERR_KEY_NOT_FOUND, ERR_TOKEN_ALGORITHM, ERR_TOKEN_SIGNATURE
 */
export function findSigner(decoded: DecodedToken, keys: KeySet, requireKid = false): NamedKey {
  const { kid, alg } = decoded.header
  if (kid === undefined && requireKid) throw new TokenError('ERR_TOKEN_KID_REQUIRED')
  if (kid !== undefined) {
    const named = keys.find(kid)
    if (!named) throw new TokenError('ERR_KEY_NOT_FOUND')
    if (!verifySignature(decoded, named.key)) throw new TokenError('ERR_TOKEN_SIGNATURE')
    return named
  }
  const candidates = keys.candidates().filter(named => named.key.alg === alg)
  if (candidates.length === 0) throw new TokenError('ERR_TOKEN_ALGORITHM')
  const signer = candidates.find(named => verifySignature(decoded, named.key))
  if (!signer) throw new TokenError('ERR_TOKEN_SIGNATURE')
  return signer
}

/**
 * Whether the key signed the token.
 * @throws {TokenError} ERR_TOKEN_ALGORITHM when the token names another algorithm than the key's own
 */
export function verifySignature(decoded: DecodedToken, key: HmacKey): boolean {
  if (decoded.header.alg !== key.alg) throw new TokenError('ERR_TOKEN_ALGORITHM')
  return key.verifies(decoded.signingInput, decoded.signature)
}

/**
 * Signs claims as `prepareClaims` made them.
 * @throws {KeyturnError} ERR_SIGN_CLAIM when the token would be longer than a verifier accepts
 */
export function signCompact(claims: Claims, key: HmacKey, kid: string | undefined): string {
  const signingInput = `${encodeHeader(key.alg, kid)}.${encodeBase64url(JSON.stringify(claims))}`
  const token = `${signingInput}.${encodeBase64url(key.mac(signingInput))}`
  if (token.length > defaultMaxTokenBytes) {
    throw new KeyturnError(
      'ERR_SIGN_CLAIM',
      `the token would have ${token.length} bytes, more than ${defaultMaxTokenBytes}: sign fewer or shorter claims`,
    )
  }
  return token
}
