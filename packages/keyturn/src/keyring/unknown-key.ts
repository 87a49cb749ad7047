/** UnknownKey: a key that is not known here, or no longer, is refused only when nobody else can know better. */
import type { Clock } from '../ports/clock.ts'
import { readClaims } from '../token/claims.ts'
import { Refusal } from '../token/refusal.ts'
import type { LiveRing } from './live-ring.ts'

/** Milliseconds: at most one read of the store per this long because of unknown keys. */
const askInterval = 2_000

/** 503: this instance cannot know. */
export const cannotKnow = (retryAfter: number = askInterval / 1000): Refusal =>
  new Refusal('ERR_KEY_UNKNOWN', { retryAfter })

/** 503: this instance has not heard of its store for longer than maxStale. */
export const stale = (): Refusal => new Refusal('ERR_RING_STALE', { retryAfter: askInterval / 1000 })

/** 503: this instance started without its store. */
export const verifyOnly = (): Refusal =>
  new Refusal('ERR_RING_VERIFY_ONLY', { retryAfter: askInterval / 1000 })

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
   * @returns ERR_KEY_UNKNOWN (503) if it could not
   */
  async ask(token: string, refusal: Refusal, arrival: number): Promise<Refusal | undefined> {
    const live = this.#live
    if (this.isSettled(token, refusal)) return undefined
    if (live.isReading) await live.reloadInTime()
    if (this.#isAnswered(arrival)) return undefined
    const wait = this.#asked + askInterval - this.#clock.monotonic()
    if (wait > 0) return cannotKnow(Math.ceil(wait / 1000))
    this.#asked = this.#clock.monotonic()
    await live.reloadInTime()
    // Not confirmed either where the store answered with an older ring than this one.
    return this.#isAnswered(arrival) ? undefined : cannotKnow()
  }

  /** Values edited by hand may already be another process's keys. */
  #isAnswered(arrival: number): boolean {
    return !this.#live.isEdited && this.#live.freshness.isConfirmedSince(arrival)
  }

  /** Whether no newer ring can accept the token: this one was confirmed after it must have been signed. */
  isSettled(token: string, { details }: Refusal): boolean {
    if (this.#live.isEdited) return false
    const { freshness, table } = this.#live
    const { keys, limits } = table.ring.document
    const key = keys.find(({ kid }) => kid === details?.kid)
    // A key that is here comes back by a rollback only, whose gate waits for every instance that hears its store. One
    // that does not may be waived: then what is younger than the end of the key can be from after the rollback.
    if (key && freshness.age() <= limits.lease * 500) return true
    const iat = issuedAt(token)
    if (iat === undefined) return false
    if (key?.deactivatedAt !== undefined && iat <= key.deactivatedAt) return true
    return freshness.confirmedAt / 1000 > iat + limits.tolerance
  }
}

/** What the token says of its age. Not verified: it can only make the answer a 401 sooner. */
function issuedAt(token: string): number | undefined {
  const claims = readClaims(token.split('.')[1] ?? '', false)
  return claims instanceof Refusal ? undefined : claims.iat
}
