/** Session: who is signed in. The access token lives here, in memory, and nowhere else. */
import { ApiError } from '../api/api-error.ts'
import type { TokenSource } from '../api/api-client.ts'
import { isSpent, renewalDelay } from './expiry.ts'
import type { EndReason, RefreshResult, SessionGate, SignedIn, User } from './session-gate.ts'

export type SessionState =
  /** Not known yet. */
  | { readonly status: 'starting' }
  | { readonly status: 'guest' }
  | {
      readonly status: 'signed-in'
      readonly user: User
      readonly accessToken: string
      readonly expiresAt: number
    }
  /** Somebody was signed in, and the backend says that this is over. A rollback may bring it back. */
  | { readonly status: 'ended'; readonly reason: EndReason }

export interface SessionPorts {
  readonly gate: SessionGate
  now(): number
  /** Returns a function that cancels. */
  later(milliseconds: number, work: () => void): () => void
  /** Tells the other tabs. */
  tell(news: 'signed-in' | 'signed-out'): void
}

/** Milliseconds until the next try when the backend could not be reached at all. */
const outageDelay = 10_000

export class Session implements TokenSource {
  #state: SessionState = { status: 'starting' }
  #refreshing: Promise<void> | undefined
  #cancelRenewal: () => void = () => undefined
  readonly #listeners = new Set<() => void>()
  readonly #ports: SessionPorts

  constructor(ports: SessionPorts) {
    this.#ports = ports
  }

  get state(): SessionState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Finds out who is signed in. */
  async start(): Promise<void> {
    if (this.#ports.gate.mayBeSignedIn()) await this.refresh()
    else this.#become({ status: 'guest' })
  }

  async token(): Promise<string | undefined> {
    if (this.#state.status === 'starting') await this.refresh()
    if (this.#isSpent()) await this.refresh()
    const state = this.#state
    if (state.status === 'starting' || this.#isSpent()) throw new ApiError(503, 'ERR_UNREACHABLE')
    return state.status === 'signed-in' ? state.accessToken : undefined
  }

  async renew(refused: string): Promise<void> {
    if (this.#state.status === 'signed-in' && this.#state.accessToken === refused) await this.refresh()
  }

  /** Asks for a new access token. Callers that come while one is under way share its result. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ports.gate
      .refresh()
      .then(result => this.#settle(result))
      .finally(() => {
        this.#refreshing = undefined
      })
    return this.#refreshing
  }

  /** One quiet look whether a login that ended has come back: after a rollback, or by a login in another tab. */
  async lookAgain(): Promise<void> {
    if (this.#refreshing || this.#state.status === 'signed-in' || !this.#ports.gate.mayBeSignedIn()) return
    const result = await this.#ports.gate.look()
    if (result.kind === 'signed-in') this.#enter(result.signedIn)
  }

  /** For the moment in which a tab is looked at again. */
  async wake(): Promise<void> {
    if (this.#isSpent()) await this.refresh()
  }

  /** @throws {ApiError} */
  async signIn(credentials: { email: string; password: string }): Promise<void> {
    this.#enter(await this.#ports.gate.signIn(credentials))
    this.#ports.tell('signed-in')
  }

  /** @throws {ApiError} when the backend did not hear it: the login lives on then */
  async signOut(): Promise<void> {
    await this.#ports.gate.signOut()
    this.#become({ status: 'guest' })
    this.#ports.tell('signed-out')
  }

  /** What another tab told. */
  async heard(news: 'signed-in' | 'signed-out'): Promise<void> {
    if (news === 'signed-out') this.#become({ status: 'guest' })
    else await this.refresh()
  }

  #isSpent(): boolean {
    return this.#state.status === 'signed-in' && isSpent(this.#state.expiresAt, this.#ports.now())
  }

  #settle(result: RefreshResult): void {
    if (result.kind === 'signed-in') return this.#enter(result.signedIn)
    if (result.kind === 'ended') return this.#become({ status: 'ended', reason: result.reason })
    if (result.kind === 'nobody') {
      const was = this.#state.status
      return this.#become(was === 'signed-in' ? { status: 'ended', reason: 'expired' } : { status: 'guest' })
    }
    // Neither an outage nor a 503 says anything about the session.
    this.#renewIn(outageDelay)
  }

  #enter({ accessToken, expiresIn, user }: SignedIn): void {
    const expiresAt = this.#ports.now() + expiresIn * 1000
    this.#become({ status: 'signed-in', accessToken, expiresAt, user })
    this.#renewIn(renewalDelay(expiresIn))
  }

  #renewIn(milliseconds: number): void {
    this.#cancelRenewal()
    this.#cancelRenewal = this.#ports.later(milliseconds, () => void this.refresh())
  }

  #become(state: SessionState): void {
    if (state.status !== 'signed-in') this.#cancelRenewal()
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
