/** Coalesced: work that begins after it was asked for, done once for everybody who asks meanwhile. */
import { setTimeout as pause } from 'node:timers/promises'

/** At most one run at a time and one that waits, however many ask. */
export class Coalesced<Result> {
  readonly #work: () => Promise<Result>
  readonly #gap: number
  /** Ends with the newest run, however that ends. */
  #running: Promise<void> = Promise.resolve()
  #next: Promise<Result> | undefined
  #startedAt = -Infinity

  /** @param gap milliseconds between the beginnings of two runs, at least: however many ask, the work stays flat */
  constructor(work: () => Promise<Result>, gap: number = 0) {
    this.#work = work
    this.#gap = gap
  }

  /** A run that begins after this call, shared by all who ask before it begins. */
  ask(): Promise<Result> {
    this.#next ??= this.#begin()
    return this.#next
  }

  async #begin(): Promise<Result> {
    await this.#running
    const wait = this.#startedAt + this.#gap - performance.now()
    if (wait > 0) await pause(wait)
    this.#next = undefined
    this.#startedAt = performance.now()
    const run = this.#work()
    this.#running = run.then(
      () => undefined,
      () => undefined,
    )
    return run
  }
}
