/** The subpath `keyturn/token`: strict HS256, HS384 and HS512 tokens with plain keys. */
export type { Algorithm } from '../ring/document.ts'
export type { Claims } from './claims.ts'
export type { Accepted, Verified } from './check-token.ts'
export { compactVerify, type CompactVerified, type CompactVerifyOptions } from './compact.ts'
export { parseDuration } from './duration.ts'
export type { JwsHeader } from './header.ts'
export type { HmacKey } from './hmac.ts'
export {
  createKeySet,
  type KeyInput,
  type KeySet,
  type LiveKeys,
  type NamedKey,
  type OctJwk,
  type PlainKey,
} from './key-set.ts'
export { Refusal, type RefusalDetails } from './refusal.ts'
export { createSigner, type Signer, type SignerOptions, type SignOptions } from './signer.ts'
export { createVerifier, type Verifier, type VerifierOptions, type VerifyResult } from './verifier.ts'
