/** UnknownKey: a key that is not known here is refused only when it cannot be known elsewhere. */
import { TokenError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import { readClaims } from '../token/claims.ts'
import type { DecodedToken } from '../token/compact.ts'
import type { LiveRing } from './live-ring.ts'

/** Milliseconds: at most one read of the store per this long because of unknown keys. */
const askInterval = 2_000

/** 503: this instance cannot know. */
export const cannotKnow = (retryAfter: number = askInterval / 1000): TokenError =>
  new TokenError('ERR_KEY_UNKNOWN', undefined, { retryAfter })

/** 503: this instance has not heard of its store for longer than maxStale. */
export const stale = (): TokenError =>
  new TokenError('ERR_RING_STALE', undefined, { retryAfter: askInterval / 1000 })

/** Asks the store about keys, for all requests of one instance together. */
export class UnknownKey {
  readonly #live: LiveRing
  readonly #clock: Clock
  #asked = -Infinity

  constructor(live: LiveRing, clock: Clock) {
    this.#live = live
    this.#clock = clock
  }

  /**
   * Makes sure that the ring held was read after the token arrived, or that the token cannot be newer than it.
   * @param arrival monotonic milliseconds
   * @throws {TokenError} ERR_KEY_UNKNOWN (503)
   */
  async ask(decoded: DecodedToken, arrival: number): Promise<void> {
    const live = this.#live
    if (this.isSettled(decoded)) return
    if (live.isReading) await live.reload()
    if (!this.#isAnswered(arrival)) {
      const wait = this.#asked + askInterval - this.#clock.monotonic()
      if (wait > 0) throw cannotKnow(Math.ceil(wait / 1000))
      this.#asked = this.#clock.monotonic()
      await live.reload()
      // Not confirmed either where the store answered with an older ring than this one.
      if (!this.#isAnswered(arrival)) throw cannotKnow()
    }
  }

  /** Values edited by hand may already be another process's keys. */
  #isAnswered(arrival: number): boolean {
    return !this.#live.isEdited && this.#live.freshness.isConfirmedSince(arrival)
  }

  /** Whether the ring was confirmed after the token must have been signed. */
  isSettled(decoded: DecodedToken): boolean {
    if (this.#live.isEdited) return false
    const iat = issuedAt(decoded)
    const { tolerance } = this.#live.table.ring.document.limits
    return iat !== undefined && this.#live.freshness.confirmedAt / 1000 > iat + tolerance
  }
}

/** What the token says of its age. Not verified: it can only make the answer a 401 sooner. */
function issuedAt(decoded: DecodedToken): number | undefined {
  try {
    return readClaims(decoded).iat
  } catch {
    return undefined
  }
}
