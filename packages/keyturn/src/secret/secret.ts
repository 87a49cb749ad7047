/** A secret that never prints itself. */

const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * Holds the text of a secret. String conversion, JSON, template strings and `util.inspect` show
 * `[secret]`; `structuredClone` yields an empty object. `reveal()` is the one, greppable way out.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. */
  reveal(): string {
    return this.#text
  }

  /** The HMAC key: the UTF-8 bytes of the text, as PyJWT, jsonwebtoken and golang-jwt take it. */
  bytes(): Uint8Array {
    return new TextEncoder().encode(this.#text)
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.toPrimitive](): string {
    return '[secret]'
  }

  [inspect](): string {
    return '[secret]'
  }
}
