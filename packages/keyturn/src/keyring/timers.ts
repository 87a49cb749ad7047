/** Timers: what a live ring does later, until it is closed. None keeps the process alive. */
import type { Clock } from '../ports/clock.ts'

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
