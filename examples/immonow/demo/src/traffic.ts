/** Traffic: every request of the simulated users, and every one that was refused. */
import { call, problemIn, type Answer, type Call } from './http-call.ts'
import { readToken } from './login.ts'

/** A request that did not get what it asked for. */
export interface Refusal {
  readonly path: string
  /** Index of the backend. */
  readonly backend: number
  /** 0 when there was no answer. */
  readonly status: number
  readonly code: string
  readonly reason: string
  /** The key of the access token, where one was sent. */
  readonly kid: string
}

/** So many are kept to be looked at; all are counted. */
const mostKept = 5_000

export class Traffic {
  readonly #backends: readonly string[]
  #refusals: Refusal[] = []
  requests = 0
  refused = 0

  constructor(backends: readonly string[]) {
    this.#backends = backends
  }

  /** Any of the backends, as a load balancer would choose. */
  anyBackend(): number {
    return Math.floor(Math.random() * this.#backends.length)
  }

  url(backend: number): string {
    return this.#backends[backend] ?? ''
  }

  async send(backend: number, path: string, options: Call = {}): Promise<Answer> {
    const answer = await call(this.url(backend), path, options)
    this.count(backend, path, answer, options.token)
    return answer
  }

  count(backend: number, path: string, answer: Answer, token?: string): void {
    this.requests += 1
    if (answer.status !== 0 && answer.status < 400) return
    this.refused += 1
    const { code = '', reason = '' } = problemIn(answer)
    const kid = token === undefined ? '' : readToken(token).kid
    this.#refusals.push({ path, backend, status: answer.status, code, reason, kid })
    if (this.#refusals.length > mostKept) this.#refusals.shift()
  }

  /** The refusals since the last call. */
  takeRefusals(): readonly Refusal[] {
    return this.#refusals.splice(0)
  }
}
