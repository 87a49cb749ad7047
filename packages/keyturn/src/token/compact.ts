/** compactVerify: the JWS layer alone. RFC 7515 §5, §7.1. */
import { TokenError } from '../errors.ts'
import { decodeBase64url } from './base64url.ts'
import { checkSignature, defaultMaxTokenBytes } from './check-token.ts'
import type { JwsHeader } from './header.ts'
import { asKeySet, type KeyInput, type KeySet } from './key-set.ts'
import { machineTime } from './machine-time.ts'
import { Refusal } from './refusal.ts'

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
  { maxTokenBytes = defaultMaxTokenBytes, requireKid = false }: CompactVerifyOptions = {},
): CompactVerified {
  const signed = checkSignature(token, asKeySet(keys), { maxTokenBytes, requireKid }, machineTime())
  if (signed instanceof Refusal) throw signed.toError()
  const payload = decodeBase64url(signed.payload)
  if (!payload) throw new TokenError('ERR_TOKEN_PAYLOAD', 'the payload is not base64url')
  return { header: signed.header, payload, kid: signed.signer.kid }
}
