/** CompactSigner: a key ready to sign JSON texts. RFC 7515 §5.1, §7.1. */
import { KeyturnError } from '../errors.ts'
import { encodeBase64url } from './base64url.ts'
import { defaultMaxTokenBytes } from './check-token.ts'
import { encodeHeader } from './header.ts'
import type { NamedKey } from './key-set.ts'
import { loadBytes } from './signing-buffer.ts'

export class CompactSigner {
  readonly #named: NamedKey
  /** The header with its dot, the same for every token. */
  readonly #prefix: string
  readonly #prefixBytes: Uint8Array

  constructor(named: NamedKey) {
    this.#named = named
    this.#prefix = `${encodeHeader(named.key.alg, named.kid)}.`
    this.#prefixBytes = new TextEncoder().encode(this.#prefix)
  }

  /**
   * @param payload JSON
   * @throws {KeyturnError} ERR_SIGN_CLAIM when the token would be longer than a verifier accepts
   */
  sign(payload: string): string {
    const { key } = this.#named
    const segment = encodeBase64url(payload)
    const length = this.#prefix.length + segment.length + 1 + key.macLength
    if (length > defaultMaxTokenBytes) {
      throw new KeyturnError(
        'ERR_SIGN_CLAIM',
        `the token would have ${length} bytes, more than ${defaultMaxTokenBytes}: sign fewer or shorter claims`,
      )
    }
    const mac = key.macOfLoaded(loadBytes(this.#prefixBytes, segment))
    return `${this.#prefix}${segment}.${mac}`
  }
}
