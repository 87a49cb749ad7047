/** VirtualNetwork: messages that are late, lost, overtaken, or answered after nobody waits any more. */
import { StoreError } from '../../src/errors.ts'
import type { Dice } from './dice.ts'
import type { Scheduler } from './scheduler.ts'
import type { VirtualMachine, VirtualProcess } from './virtual-process.ts'

/** What a message is about: a fault may hit one kind alone. */
export type Route = 'read' | 'lease' | 'hint'

/** What does not get through between a process and everybody else. `answers`: what it asks for happens, unheard. */
export type Cut = 'all' | 'answers' | 'reads' | 'leases'

/** Milliseconds after which who asked goes on without an answer. */
const patience = 5_000

interface Parts {
  readonly scheduler: Scheduler
  readonly dice: Dice
}

export class VirtualNetwork {
  readonly #scheduler: Scheduler
  readonly #dice: Dice
  /** By machine: who starts there again is cut off too. */
  readonly #cuts = new Map<VirtualMachine, Cut>()
  /** Of a hundred messages so many are lost. */
  lossShare = 0
  /** No message is slow any more. */
  isCalm = false

  constructor({ scheduler, dice }: Parts) {
    this.#scheduler = scheduler
    this.#dice = dice
  }

  cut(process: VirtualProcess, how: Cut): void {
    this.#cuts.set(process.machine, how)
  }

  mend(process: VirtualProcess): void {
    this.#cuts.delete(process.machine)
  }

  mendAll(): void {
    this.#cuts.clear()
    this.lossShare = 0
    this.isCalm = true
  }

  isCut(process: VirtualProcess): boolean {
    return this.#cuts.has(process.machine)
  }

  /**
   * Asks somebody who may never answer.
   * @throws {StoreError} ERR_STORE_UNREACHABLE after a while, and what the work throws
   */
  ask<Answer>(
    from: VirtualProcess,
    to: VirtualProcess,
    route: Route,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const unreachable = (): void =>
        reject(new StoreError('ERR_STORE_UNREACHABLE', `${to.name} does not answer`))
      // A process that stands still sends nothing until it goes on.
      from.receive(() => {
        const stopWaiting = from.later(patience, unreachable)
        const heard = (action: () => void): void => {
          stopWaiting()
          action()
        }
        const back = (action: () => void): void => {
          if (!this.#isLost(from, route, 'answer'))
            this.#scheduler.after(this.#latency(), () => from.receive(() => heard(action)))
        }
        if (this.#isLost(from, route, 'question')) return
        this.#scheduler.after(this.#latency(), () => {
          // A machine whose process is gone says so at once.
          if (!to.isUp) return back(unreachable)
          to.receive(() => {
            work().then(
              answer => to.receive(() => back(() => resolve(answer))),
              (error: Error) => to.receive(() => back(() => reject(error))),
            )
          })
        })
      })
    })
  }

  /** Works on the database over a link that loses nothing and takes its time. */
  query<Answer>(
    from: VirtualProcess,
    database: VirtualProcess,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      from.receive(() => {
        this.#scheduler.after(this.#hop(), () =>
          database.receive(() => {
            const back = (action: () => void): void => {
              this.#scheduler.after(this.#hop(), () => from.receive(action))
            }
            work().then(
              answer => back(() => resolve(answer)),
              (error: Error) => back(() => reject(error)),
            )
          }),
        )
      })
    })
  }

  /** Tells somebody something once, twice, late or never. */
  hint(to: VirtualProcess, action: () => void): void {
    const times = this.isCalm
      ? 1
      : this.#dice.weighted([[15, 0] as const, [75, 1] as const, [10, 2] as const])
    for (let time = 0; time < times; time += 1) {
      if (!this.#isLost(to, 'hint', 'answer'))
        this.#scheduler.after(this.#latency(), () => to.receive(action))
    }
  }

  #isLost(process: VirtualProcess, route: Route, direction: 'question' | 'answer'): boolean {
    const cut = this.#cuts.get(process.machine)
    if (cut === 'all') return true
    if (cut === 'answers' && direction === 'answer') return true
    if (cut === 'reads' && route !== 'lease') return true
    if (cut === 'leases' && route === 'lease') return true
    return this.#dice.percent(this.lossShare)
  }

  /** Milliseconds. */
  #latency(): number {
    if (this.isCalm) return this.#dice.between(1, 20)
    const kind = this.#dice.between(1, 100)
    if (kind <= 88) return this.#dice.between(1, 30)
    return kind <= 97 ? this.#dice.between(30, 600) : this.#dice.between(600, 8_000)
  }

  #hop(): number {
    return this.#dice.percent(98) || this.isCalm ? this.#dice.between(0, 4) : this.#dice.between(10, 1_000)
  }
}
