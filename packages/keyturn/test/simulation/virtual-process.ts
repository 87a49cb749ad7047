/** VirtualProcess: a process with a clock of its own, which can be stopped, put to sleep with its machine, and killed. */
import type { Clock } from '../../src/ports/clock.ts'
import type { Dice } from './dice.ts'
import type { Scheduler } from './scheduler.ts'

/** When every run begins, epoch milliseconds. */
export const startOfTime = 1_800_000_000_000

/** What the clocks of all processes of a machine have in common. Milliseconds. */
export class VirtualMachine {
  readonly name: string
  /** How far its wall clock was ahead of the truth when it was last set. */
  offset = 0
  /** Seconds that both its clocks count in a true one. */
  readonly rate: number
  /** How long it has slept: its monotonic clock stood still. */
  slept = 0
  /** When it last slept, true milliseconds. */
  sleptAt = -Infinity
  /** When its wall clock was last set, true milliseconds. */
  setAt = -Infinity

  constructor(name: string, rate = 1) {
    this.name = name
    this.rate = rate
  }
}

/** As SIGSTOP does, or as a machine that sleeps: only then the monotonic clock stands still too. */
export type Pause = 'stop' | 'sleep'

interface Timer {
  /** Monotonic time. */
  readonly due: number
  isStopped: boolean
  cancel: () => void
}

const cancel = (): void => undefined

interface Waiting {
  readonly isTimer: boolean
  readonly action: () => void
}

export class VirtualProcess implements Clock {
  readonly name: string
  readonly machine: VirtualMachine
  readonly #scheduler: Scheduler
  readonly #dice: Dice
  #isUp = true
  #paused: { readonly how: Pause; readonly at: number } | undefined
  #waiting: Waiting[] = []

  constructor(name: string, machine: VirtualMachine, parts: { scheduler: Scheduler; dice: Dice }) {
    this.name = name
    this.machine = machine
    this.#scheduler = parts.scheduler
    this.#dice = parts.dice
  }

  get isUp(): boolean {
    return this.#isUp
  }

  get isPaused(): boolean {
    return this.#paused !== undefined
  }

  now(): number {
    return startOfTime + this.#scheduler.now * this.machine.rate + this.machine.offset
  }

  monotonic(): number {
    return (this.#scheduler.now - this.machine.slept) * this.machine.rate
  }

  /** A short nap takes as long as a busy machine pleases, so that a gate is looked at a few times only. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const nap = milliseconds > 250 ? milliseconds : this.#dice.between(250, 3_000)
      const done = (): void => {
        stop()
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const stop = this.later(nap, done)
      signal?.addEventListener('abort', done)
    })
  }

  later(milliseconds: number, action: () => void): () => void {
    const timer: Timer = { due: this.monotonic() + Math.ceil(milliseconds), isStopped: false, cancel }
    this.#arm(timer, action)
    return () => {
      timer.isStopped = true
      timer.cancel()
    }
  }

  #arm(timer: Timer, action: () => void): void {
    const ring = (): void => {
      if (timer.isStopped) return
      if (this.monotonic() < timer.due) this.#arm(timer, action)
      else action()
    }
    const wait = Math.ceil((timer.due - this.monotonic()) / this.machine.rate)
    timer.cancel = this.#scheduler.after(wait, () => this.#handle({ isTimer: true, action: ring }))
  }

  /** Hands something over that comes from outside: a message, a request. */
  receive(action: () => void): void {
    this.#handle({ isTimer: false, action })
  }

  #handle(waiting: Waiting): void {
    if (!this.#isUp) return
    if (this.#paused) this.#waiting.push(waiting)
    else waiting.action()
  }

  /** Stands still for so many milliseconds, unless woken before. What comes meanwhile waits. */
  pause(how: Pause, milliseconds: number): void {
    if (this.#paused || !this.#isUp) return
    const paused = { how, at: this.#scheduler.now }
    this.#paused = paused
    this.#scheduler.after(milliseconds, () => {
      if (this.#paused === paused) this.wake()
    })
  }

  /** Goes on, if it stands still. */
  wake(): void {
    if (!this.#endPause()) return
    const waiting = this.#waiting
    this.#waiting = []
    // Nobody promises whether timers or messages come first.
    const first = this.#dice.percent(50)
    const ordered = [
      ...waiting.filter(({ isTimer }) => isTimer === first),
      ...waiting.filter(({ isTimer }) => isTimer !== first),
    ]
    for (const each of ordered) this.#scheduler.after(0, () => this.#handle(each))
  }

  #endPause(): boolean {
    if (!this.#paused) return false
    const { how, at } = this.#paused
    if (how === 'sleep') {
      this.machine.slept += this.#scheduler.now - at
      this.machine.sleptAt = this.#scheduler.now
    }
    this.#paused = undefined
    return true
  }

  /** As SIGKILL does: it never does anything again. */
  kill(): void {
    this.#endPause()
    this.#isUp = false
    this.#waiting = []
  }
}
