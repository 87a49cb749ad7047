/** A clock that stands still until a test turns it, timer by timer: between two of them real sockets have all the time they need. */
import type { Clock } from '../src/ports/clock.ts'

interface Timer {
  /** Monotonic time. */
  readonly at: number
  readonly action: () => void
}

export class HandClock implements Clock {
  #monotonic = 0
  #timers: readonly Timer[] = []
  readonly #wall: number

  /** @param wall epoch milliseconds */
  constructor(wall = 1_800_000_000_000) {
    this.#wall = wall
  }

  now(): number {
    return this.#wall + this.#monotonic
  }

  monotonic(): number {
    return this.#monotonic
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise(resolve => void this.later(milliseconds, resolve))
  }

  later(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#monotonic + milliseconds, action }
    this.#timers = [...this.#timers, timer].sort((a, b) => a.at - b.at)
    return () => {
      this.#timers = this.#timers.filter(each => each !== timer)
    }
  }

  /** Milliseconds until each timer that is set, the next one first. */
  get waits(): readonly number[] {
    return this.#timers.map(({ at }) => at - this.#monotonic)
  }

  /** Goes on to the next timer, and runs it alone. */
  tick(): void {
    const [next, ...others] = this.#timers
    if (!next) throw new Error('no timer is set')
    this.#timers = others
    this.#monotonic = next.at
    next.action()
  }

  /** Time passes, and wakes nobody. */
  advance(milliseconds: number): void {
    this.#monotonic += milliseconds
  }
}
