/** HMAC keys that are bound to one algorithm. RFC 2104, RFC 7518 §3.2. */
import * as crypto from 'node:crypto'
import { ConfigError } from '../errors.ts'
import type { Algorithm } from '../ring/document.ts'
import { rawBuffer, type RawBuffer } from './raw-buffer.ts'
import { loadBytes, macAt, message, paddedMessage, type BlockSize } from './signing-buffer.ts'

interface Hash {
  readonly name: string
  readonly bytes: number
  readonly block: BlockSize
}

const hashes: Readonly<Record<Algorithm, Hash>> = {
  HS256: { name: 'sha256', bytes: 32, block: 64 },
  HS384: { name: 'sha384', bytes: 48, block: 128 },
  HS512: { name: 'sha512', bytes: 64, block: 128 },
}

/** How MACs are made: of two hashes, or by OpenSSL's own HMAC, which a FIPS provider certifies as a whole. */
export type HmacMethod = 'hash' | 'createHmac'

interface Mac {
  /** The MAC, as base64url, of the first `length` bytes of the message in the signing buffer. */
  of(length: number): string
}

/** A secret with the one algorithm it is for. The bytes stay inside. */
export class HmacKey {
  /** The key's own algorithm. A token cannot choose another. */
  readonly alg: Algorithm
  readonly #mac: Mac
  readonly #expected: RawBuffer
  readonly #bytes: Uint8Array

  /**
   * @param options.legacy a secret that was adopted although it is too short: it only verifies
   * @param options.method default: `createHmac` in FIPS mode and with KEYTURN_HMAC=createHmac, else `hash`
   * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK when the key is shorter than the hash it is for
   */
  constructor(
    alg: Algorithm,
    bytes: Uint8Array,
    options: { readonly legacy?: boolean; readonly method?: HmacMethod } = {},
  ) {
    const hash = hashes[alg]
    const needed = options.legacy ? 1 : hash.bytes
    if (bytes.length < needed) {
      throw new ConfigError(
        'ERR_CONFIG_SECRET_WEAK',
        `a key for ${alg} needs at least ${needed} bytes, this one has ${bytes.length}`,
      )
    }
    this.alg = alg
    this.#bytes = Uint8Array.from(bytes)
    const method = options.method ?? hmacMethod()
    this.#mac = method === 'hash' ? new HashMac(hash, this.#bytes) : new OpensslMac(hash, this.#bytes)
    this.#expected = rawBuffer(base64urlLength(hash.bytes))
  }

  /** Characters of a MAC in a token. */
  get macLength(): number {
    return this.#expected.length
  }

  /** The MAC, as base64url, of the first `length` bytes of the message in the signing buffer. */
  macOfLoaded(length: number): string {
    return this.#mac.of(length)
  }

  /** The MAC of a message, as base64url. */
  macOf(message: Uint8Array): string {
    return this.#mac.of(loadBytes(message))
  }

  /**
   * Whether the message in the signing buffer is a token that this key signed. Its characters are compared, whole
   * and in constant time: so one MAC has one spelling.
   * @param dot where the second dot is: the MAC is of what stands before it, and is what stands behind it
   * @param length of the token
   */
  verifiesLoaded(dot: number, length: number): boolean {
    const expected = this.#expected
    if (length - dot - 1 !== expected.length) return false
    expected.latin1Write(this.#mac.of(dot), 0)
    return crypto.timingSafeEqual(expected, macAt(dot + 1, expected.length))
  }

  /**
   * Texts that two keys share exactly when one could stand for the other: HMAC pads a short key with zeros
   * and hashes a long one, so different bytes can be one key; and one secret must not serve two algorithms
   * (RFC 8725 §3.1), so every key has its mark under SHA-256 as well.
   */
  marks(): readonly string[] {
    const probe = Buffer.from('keyturn/same-key/v1')
    const algorithms = new Set<Algorithm>([this.alg, 'HS256'])
    return [...algorithms].map(
      alg => `${alg} ${new HmacKey(alg, this.#bytes, { legacy: true }).macOf(probe)}`,
    )
  }
}

/** @throws {ConfigError} ERR_CONFIG_INVALID */
function hmacMethod(): HmacMethod {
  const wanted = process.env['KEYTURN_HMAC'] ?? ''
  if (wanted !== '' && wanted !== 'hash' && wanted !== 'createHmac')
    throw new ConfigError('ERR_CONFIG_INVALID', 'KEYTURN_HMAC is createHmac, hash, or not set')
  if (wanted !== '') return wanted
  return crypto.getFips() === 1 ? 'createHmac' : 'hash'
}

const innerByte = 0x36
const outerByte = 0x5c

/**
 * H(K ^ opad, H(K ^ ipad, message)), RFC 2104 §2, with both pads made once. Two calls of `crypto.hash` take less
 * than half the time of one `createHmac`, which makes an object for each MAC.
 */
class HashMac implements Mac {
  readonly #hash: Hash
  readonly #inner: Uint8Array
  /** The pad, and room for the inner hash. */
  readonly #outer: RawBuffer

  constructor(hash: Hash, bytes: Uint8Array) {
    const key = bytes.length > hash.block ? crypto.createHash(hash.name).update(bytes).digest() : bytes
    this.#hash = hash
    this.#inner = new Uint8Array(hash.block).fill(innerByte)
    this.#outer = rawBuffer(hash.block + hash.bytes)
    this.#outer.fill(outerByte)
    key.forEach((byte, at) => {
      this.#inner[at] = byte ^ innerByte
      this.#outer[at] = byte ^ outerByte
    })
  }

  of(length: number): string {
    const { name, block } = this.#hash
    // binary is Latin-1 by its older name: the inner hash as text costs less than a buffer for it.
    this.#outer.latin1Write(crypto.hash(name, paddedMessage(this.#inner, length), 'binary'), block)
    return crypto.hash(name, this.#outer, 'base64url')
  }
}

class OpensslMac implements Mac {
  readonly #name: string
  readonly #key: crypto.KeyObject

  constructor({ name }: Hash, bytes: Uint8Array) {
    this.#name = name
    this.#key = crypto.createSecretKey(bytes)
  }

  of(length: number): string {
    return crypto.createHmac(this.#name, this.#key).update(message(length)).digest('base64url')
  }
}

function base64urlLength(bytes: number): number {
  return Math.ceil((bytes * 8) / 6)
}
