/** Propagation: when each backend was first seen to have taken a change, asked every few milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '../http-call.ts'
import { readRing } from '../ring-metrics.ts'
import { isTokenExpired } from './kept-login.ts'

const pause = 15
const patience = 10_000

/** Asks every backend again and again, while a command runs and until told to stop. */
export class Propagation {
  /** For each backend: generation → epoch milliseconds of the first answer that showed it or a later one. */
  readonly #seen: Map<number, number>[]
  readonly #refusedAt: (number | undefined)[]
  readonly #work: Promise<unknown>
  #isOver = false

  /** @param oldToken also asked for, to see when it is refused for security */
  constructor(backends: readonly string[], oldToken: string) {
    this.#seen = backends.map(() => new Map<number, number>())
    this.#refusedAt = backends.map(() => undefined)
    this.#work = Promise.all(
      backends.flatMap((backend, index) => [
        this.#repeat(() => this.#askGeneration(backend, index)),
        this.#repeat(() => this.#askToken(backend, index, oldToken)),
      ]),
    )
  }

  /**
   * Waits until every backend holds the generation, ten seconds at most, and stops asking.
   * @param untilRefused waits until every backend has refused the old token as well
   */
  async settle(generation: number, untilRefused: boolean): Promise<void> {
    const deadline = performance.now() + patience
    const isWaiting = (): boolean =>
      this.#heldAt(generation).includes(undefined) || (untilRefused && this.#refusedAt.includes(undefined))
    while (performance.now() < deadline && isWaiting()) await sleep(pause)
    this.#isOver = true
    await this.#work
  }

  /**
   * Milliseconds from the change, at that epoch millisecond, to the last backend that was seen to hold it.
   * Undefined when one does not, or nobody knows when the change was.
   */
  heldAfter(generation: number, changedAt: number | undefined): number | undefined {
    return last(this.#heldAt(generation), changedAt)
  }

  /** The same, to the first refusal of the old token, for security, by the last backend. */
  refusedAfter(changedAt: number | undefined): number | undefined {
    return last(this.#refusedAt, changedAt)
  }

  #heldAt(generation: number): readonly (number | undefined)[] {
    return this.#seen.map(seen => {
      const times = [...seen].filter(([each]) => each >= generation).map(([, time]) => time)
      return times.length === 0 ? undefined : Math.min(...times)
    })
  }

  async #repeat(ask: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      await ask()
      await sleep(pause)
    }
  }

  async #askGeneration(backend: string, index: number): Promise<void> {
    const ring = await readRing(backend)
    const seen = this.#seen[index]
    if (ring && seen && !seen.has(ring.generation)) seen.set(ring.generation, Date.now())
  }

  async #askToken(backend: string, index: number, token: string): Promise<void> {
    const answer = await call(backend, '/api/auth/me', { token })
    if (isTokenExpired(answer, 'security')) this.#refusedAt[index] ??= Date.now()
  }
}

function last(times: readonly (number | undefined)[], changedAt: number | undefined): number | undefined {
  const known = times.filter(time => time !== undefined)
  return known.length < times.length || changedAt === undefined ? undefined : Math.max(...known) - changedAt
}
