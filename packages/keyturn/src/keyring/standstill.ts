/** Standstill: whether this process stood still, so that what it holds may be older than it can tell. */
import type { Clock } from '../ports/clock.ts'
import { Freshness } from './freshness.ts'

/**
 * A process that is stopped, or whose machine sleeps, gives no sign of life. On waking it has to read its store before
 * it decides anything. A store that hangs is no standstill: the process has asked, and the age of its ring counts.
 */
export class Standstill {
  readonly #clock: Clock
  readonly #longest: () => number
  readonly #seen: Freshness
  /** The last one, until a read was sent after it and has ended. */
  #stood: { readonly wokeAt: number; readonly length: number } | undefined

  /** @param longest milliseconds between two signs of life of a process that runs */
  constructor(clock: Clock, longest: () => number) {
    this.#clock = clock
    this.#longest = longest
    this.#seen = new Freshness(clock)
  }

  /** A sign of life: a read begins, or is still waited for. */
  notice(): void {
    this.#look()
    this.#seen.confirm(this.#seen.mark())
  }

  /** A read has ended, well or not, that was sent at that monotonic time. */
  readEnded(sent: number): void {
    this.#look()
    if (this.#stood && sent >= this.#stood.wokeAt) this.#stood = undefined
  }

  /** Milliseconds that this process stood still without having read its store since; 0 if it did not. */
  get unread(): number {
    this.#look()
    return this.#stood?.length ?? 0
  }

  #look(): void {
    const length = this.#seen.age()
    if (length <= this.#longest()) return
    this.#stood = {
      wokeAt: this.#clock.monotonic(),
      length: Math.max(length, this.#stood?.length ?? 0),
    }
    this.#seen.confirm(this.#seen.mark())
  }
}
