/** FailureLimit: failed logins by address or by name, in memory: what one replica sees. */
import { AuthError } from './auth-error.ts'

/** Keys remembered; the one that failed longest ago is forgotten first. */
const mostKeys = 10_000

export interface FailureLimitOptions {
  /** Milliseconds for which so many failures refuse further attempts; 0 for none. */
  readonly lockedFor: (failures: number) => number
  /** Milliseconds after its first failure when a key begins anew. @default Infinity */
  readonly window?: number
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number
}

interface Held {
  failures: number
  readonly since: number
  lockedUntil: number
}

/** Attempts count as failed before they are made, so that many at once are no way around. */
export class FailureLimit {
  readonly #lockedFor: (failures: number) => number
  readonly #window: number
  readonly #now: () => number
  readonly #held = new Map<string, Held>()

  constructor({ lockedFor, window = Infinity, now = () => performance.now() }: FailureLimitOptions) {
    this.#lockedFor = lockedFor
    this.#window = window
    this.#now = now
  }

  /**
   * Counts an attempt as failed. Returns what takes that back once the attempt was right.
   * @throws {AuthError} ERR_AUTH_LOCKED, with `retryAfter`
   */
  attempt(key: string): () => void {
    const now = this.#now()
    const before = this.#held.get(key)
    if (before && before.lockedUntil > now) throw lockedOut(before.lockedUntil - now)
    const held =
      before && before.since + this.#window > now ? before : { failures: 0, since: now, lockedUntil: 0 }
    held.failures += 1
    held.lockedUntil = now + this.#lockedFor(held.failures)
    this.#held.delete(key)
    this.#held.set(key, held)
    if (this.#held.size > mostKeys) this.#forgetOldest()
    return () => {
      held.failures -= 1
      if (this.#lockedFor(held.failures) === 0) held.lockedUntil = 0
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#held.keys()
    if (oldest !== undefined) this.#held.delete(oldest)
  }
}

/** @param milliseconds until it ends */
export const lockedOut = (milliseconds: number): AuthError =>
  new AuthError('ERR_AUTH_LOCKED', undefined, { retryAfter: Math.max(1, Math.ceil(milliseconds / 1000)) })
