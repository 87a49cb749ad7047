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

  /** Runs the action after so many milliseconds. */
  once(milliseconds: number, action: () => Promise<unknown>): void {
    if (this.#isStopped) return
    const stop = this.#clock.later(milliseconds, () => {
      this.#stops.delete(stop)
      void action()
    })
    this.#stops.add(stop)
  }

  /** Runs the action again and again; what fails is tried again next time. */
  repeat(interval: () => number, action: () => Promise<unknown>): void {
    this.once(interval(), async () => {
      await action().catch(() => undefined)
      this.repeat(interval, action)
    })
  }

  stop(): void {
    this.#isStopped = true
    for (const stop of this.#stops) stop()
    this.#stops.clear()
  }
}
