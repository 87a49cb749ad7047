/** A clock that tests turn. Whoever sleeps on it makes it run, as fast as the work allows. */
import type { Clock } from '../src/ports/clock.ts'

interface Waiting {
  /** Monotonic time. */
  readonly at: number
  readonly wake: () => void
  /** Only somebody who sleeps makes the clock run. */
  readonly sleeps: boolean
}

/** Deterministic: time moves only when everything that could be done at this moment is done. */
export class VirtualClock implements Clock {
  #wall: number
  #monotonic = 0
  #waiting: Waiting[] = []
  #isRunning = false

  /** @param wall epoch milliseconds */
  constructor(wall = 1_800_000_000_000) {
    this.#wall = wall
  }

  now(): number {
    return this.#wall
  }

  monotonic(): number {
    return this.#monotonic
  }

  /** Wall clock, epoch seconds. */
  get seconds(): number {
    return Math.floor(this.#wall / 1000)
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const waiting = { at: this.#monotonic + milliseconds, wake: resolve, sleeps: true }
      this.#waiting.push(waiting)
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter(each => each !== waiting)
        resolve()
      })
      this.#run()
    })
  }

  /** As `in`, and it can be stopped. */
  later(milliseconds: number, action: () => void): () => void {
    const waiting = { at: this.#monotonic + milliseconds, wake: action, sleeps: false }
    this.#waiting.push(waiting)
    return () => {
      this.#waiting = this.#waiting.filter(each => each !== waiting)
    }
  }

  /** Does something so many milliseconds from now, if the clock gets there. */
  in(milliseconds: number, action: () => unknown): void {
    this.#waiting.push({ at: this.#monotonic + milliseconds, wake: () => void action(), sleeps: false })
  }

  /** Both clocks go on, and wake nobody. */
  advance(milliseconds: number): void {
    this.#monotonic += milliseconds
    this.#wall += milliseconds
  }

  /** Somebody sets the wall clock, or the machine slept while the monotonic one stood still. */
  shiftWall(milliseconds: number): void {
    this.#wall += milliseconds
  }

  #run(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => {
      this.#isRunning = false
      if (!this.#waiting.some(({ sleeps }) => sleeps)) return
      const next = this.#waiting.reduce((first, each) => (each.at < first.at ? each : first))
      this.#waiting = this.#waiting.filter(each => each !== next)
      this.advance(Math.max(0, next.at - this.#monotonic))
      next.wake()
      this.#run()
    })
  }
}
