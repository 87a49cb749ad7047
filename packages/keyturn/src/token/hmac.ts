/** HMAC keys that are bound to one algorithm. RFC 2104, RFC 7518 §3.2. */
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { ConfigError } from '../errors.ts'
import type { Algorithm } from '../ring/document.ts'

const hashes = {
  HS256: { name: 'sha256', bytes: 32 },
  HS384: { name: 'sha384', bytes: 48 },
  HS512: { name: 'sha512', bytes: 64 },
} as const satisfies Record<Algorithm, { name: string; bytes: number }>

/** The MAC of a message. A text counts as its UTF-8 bytes. */
export function computeMac(alg: Algorithm, key: KeyObject, message: string | Uint8Array): Uint8Array {
  return createHmac(hashes[alg].name, key).update(message).digest()
}

/** A secret with the one algorithm it is for. The bytes stay inside. */
export class HmacKey {
  /** The key's own algorithm. A token cannot choose another. */
  readonly alg: Algorithm
  readonly #key: KeyObject

  /**
   * @param options.legacy a secret that was adopted although it is too short: it only verifies
   * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK when the key is shorter than the hash it is for
   */
  constructor(alg: Algorithm, bytes: Uint8Array, options: { readonly legacy?: boolean } = {}) {
    const needed = options.legacy ? 1 : hashes[alg].bytes
    if (bytes.length < needed) {
      throw new ConfigError(
        'ERR_CONFIG_SECRET_WEAK',
        `a key for ${alg} needs at least ${needed} bytes, this one has ${bytes.length}`,
      )
    }
    this.alg = alg
    this.#key = createSecretKey(bytes)
  }

  /** The MAC of a signing input. */
  mac(input: string): Uint8Array {
    return computeMac(this.alg, this.#key, input)
  }

  /** Compares the whole MAC in constant time. A MAC of another length, say a truncated one, never fits. */
  verifies(input: string, mac: Uint8Array): boolean {
    const expected = this.mac(input)
    return mac.length === expected.length && timingSafeEqual(mac, expected)
  }

  /**
   * Texts that two keys share exactly when one could stand for the other: HMAC pads a short key with zeros
   * and hashes a long one, so different bytes can be one key; and one secret must not serve two algorithms
   * (RFC 8725 §3.1), so every key has its mark under SHA-256 as well.
   */
  marks(): readonly string[] {
    const algorithms = new Set<Algorithm>([this.alg, 'HS256'])
    return [...algorithms].map(
      alg => `${alg} ${Buffer.from(computeMac(alg, this.#key, 'keyturn/same-key/v1')).toString('hex')}`,
    )
  }
}
