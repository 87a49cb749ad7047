/** Traffic: signed-in people who never stop, and a note of each answer that a valid token must not get. */
import { onTestFinished } from 'vitest'
import type { Backend } from './backends.ts'
import { problemOf, Visitor, type Answer } from './visitor.ts'

export interface Refusal {
  readonly what: string
  readonly status: number
  readonly code: string
}

export class Traffic {
  readonly visitors: Visitor[] = []
  readonly refusals: Refusal[] = []
  requests = 0
  refreshes = 0
  logins = 0
  #running = false
  #loops: Promise<void>[] = []
  #startedAt = 0
  readonly #backends: readonly Backend[]

  constructor(backends: readonly Backend[]) {
    this.#backends = backends
  }

  #anyUrl(): string {
    return this.#backends[Math.floor(Math.random() * this.#backends.length)]?.url ?? ''
  }

  /** Registers and signs in so many people. */
  async signIn(people: number): Promise<void> {
    await Promise.all(
      Array.from({ length: people }, async () => {
        const visitor = new Visitor()
        await visitor.register(this.#anyUrl())
        this.#expect('login', await visitor.login(this.#anyUrl()))
        this.visitors.push(visitor)
      }),
    )
  }

  /** @param pause milliseconds between two requests of one person */
  start(pause: number): void {
    onTestFinished(async () => void (await this.stop()))
    this.#running = true
    this.#startedAt = performance.now()
    this.#loops = this.visitors.map((visitor, index) => this.#browse(visitor, pause, index === 0))
  }

  /** Stops, and says how many requests a second it was. */
  async stop(): Promise<number> {
    this.#running = false
    await Promise.all(this.#loops)
    return (this.requests * 1000) / (performance.now() - this.#startedAt)
  }

  async #browse(visitor: Visitor, pause: number, logsIn: boolean): Promise<void> {
    const life = Math.max(1000, visitor.expiresAt - Date.now())
    while (this.#running) {
      if (logsIn && Math.random() < 0.1) {
        this.logins += 1
        this.#expect('login', await visitor.login(this.#anyUrl()))
      } else if (visitor.expiresAt - Date.now() < life / 2) {
        this.refreshes += 1
        this.#expect('refresh', await visitor.refresh(this.#anyUrl()))
      } else {
        const { token, expiresAt } = visitor
        this.#expect('me', await visitor.me(this.#anyUrl(), token), expiresAt)
      }
      await new Promise(resolve => setTimeout(resolve, pause * (0.5 + Math.random())))
    }
  }

  /** A machine that stands still for seconds lets a token expire on its way: then the refusal is right. */
  #expect(what: string, answer: Answer, expiresAt = Infinity): void {
    this.requests += 1
    if (answer.status === 200) return
    const { code } = problemOf(answer)
    if (code === 'ERR_TOKEN_EXPIRED' && Date.now() >= expiresAt) return
    this.refusals.push({ what, status: answer.status, code })
  }
}
