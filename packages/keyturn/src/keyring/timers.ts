/** Timers, randomJitter: what a live ring does later, until it is closed. None keeps the process alive. */
import { randomInt } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'

/** So that a fleet does not beat as one: 0.8 to 1.2. */
export const randomJitter = (): number => 0.8 + randomInt(400) / 1000

export class Timers {
  readonly #clock: Clock
  readonly #stops = new Set<() => void>()
  #isStopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs the action after so many milliseconds, unless it is called off before. */
  once(milliseconds: number, action: () => unknown): () => void {
    if (this.#isStopped) return () => undefined
    const stop = this.#clock.later(milliseconds, () => {
      this.#stops.delete(stop)
      action()
    })
    this.#stops.add(stop)
    return () => {
      this.#stops.delete(stop)
      stop()
    }
  }

  /** Runs the action again and again, until it is called off; what fails is tried again next time. */
  repeat(interval: () => number, action: () => unknown): () => void {
    let isOff = false
    let stop: () => void
    const next = (): void => {
      stop = this.once(interval(), async () => {
        try {
          await action()
        } catch {
          // Told by whoever failed.
        }
        if (!isOff) next()
      })
    }
    next()
    return () => {
      isOff = true
      stop()
    }
  }

  stop(): void {
    this.#isStopped = true
    for (const stop of this.#stops) stop()
    this.#stops.clear()
  }
}
