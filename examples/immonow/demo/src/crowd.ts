/** Crowd: the simulated users together, calling the API without a break. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Login } from './login.ts'
import { SimulatedUser } from './simulated-user.ts'
import { Traffic } from './traffic.ts'

/** Passwords are hashed with argon2id: more at a time only wait for each other. */
const doorWidth = 6

/** Milliseconds between two requests of a user, on average; more users take more time, for two cores' sake. */
const pace = (users: number): number => Math.max(200, users * 6)

export class Crowd {
  readonly users: readonly SimulatedUser[]
  readonly traffic: Traffic
  /** How often a user was sent to the login page, and came back. */
  signedOut = 0
  signedInAgain = 0
  /** Why, the last time: `expired` or `security`. */
  reason = ''
  #isActive = false

  constructor(size: number, backends: readonly string[]) {
    this.traffic = new Traffic(backends)
    const news = {
      signedOut: (reason: string): void => {
        this.signedOut += 1
        this.reason = reason
      },
      signedInAgain: (): void => {
        this.signedInAgain += 1
      },
    }
    this.users = Array.from({ length: size }, (_, index) => new SimulatedUser(index + 1, this.traffic, news))
  }

  /** Registers everybody and signs them in. @throws {DemoError} */
  async enter(): Promise<void> {
    const waiting = [...this.users]
    const door = async (): Promise<void> => {
      for (let user = waiting.shift(); user; user = waiting.shift()) await user.enter()
    }
    await Promise.all(Array.from({ length: doorWidth }, door))
  }

  /** From now on everybody calls the API, 150 requests a second together. */
  start(): void {
    this.#isActive = true
    for (const user of this.users) void this.#live(user)
  }

  /** Nobody begins anything new. */
  stop(): void {
    this.#isActive = false
  }

  async #live(user: SimulatedUser): Promise<void> {
    const pause = pace(this.users.length)
    await sleep(Math.random() * pause)
    while (this.#isActive) {
      await user.act()
      await sleep(pause * (0.5 + Math.random()))
    }
  }

  /** Users with a device that is signed in. */
  get present(): number {
    return this.users.filter(({ logins }) => logins.length > 0).length
  }

  /** Every device that is signed in. */
  get logins(): readonly Login[] {
    return this.users.flatMap(({ logins }) => logins)
  }

  /** Asks whether devices that were signed out are signed in again. How many are. */
  async retryEnded(): Promise<number> {
    const restored = await Promise.all(this.users.map(user => user.retryEnded()))
    return restored.reduce((sum, count) => sum + count, 0)
  }
}
