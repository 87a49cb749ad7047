/** KnownHeaders: headers of tokens that were verified, so that the next token with one of them is not decoded. */
import type { DecodedHeader } from './header.ts'

/** Then all are forgotten: a client cannot add one, but a signer that writes a new header each time could. */
const mostHeaders = 1024

/** Decoding takes about as long as all the rest of a verification. What is here depends on no key, so it may stay. */
export class KnownHeaders {
  readonly #bySegment = new Map<string, DecodedHeader>()

  /** @param segment the first one of a token */
  find(segment: string): DecodedHeader | undefined {
    return this.#bySegment.get(segment)
  }

  /** Only for a token whose signature fits. */
  add(segment: string, header: DecodedHeader): void {
    if (this.#bySegment.size >= mostHeaders) this.#bySegment.clear()
    this.#bySegment.set(segment, header)
  }
}
