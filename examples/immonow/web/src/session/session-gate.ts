/** sessionGate: the requests of a login session, one at a time over all tabs of this browser. */
import { ApiError, errorIn } from '../api/api-error.ts'
import { Later, patiently, type PatiencePorts } from '../api/patience.ts'
import type { ApiAnswer, Transport } from '../api/transport.ts'

export type EndReason = 'expired' | 'security'

export interface User {
  readonly id: string
  readonly email: string
  readonly name: string
}

export interface SignedIn {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly user: User
}

export type RefreshResult =
  | { readonly kind: 'signed-in'; readonly signedIn: SignedIn }
  | { readonly kind: 'ended'; readonly reason: EndReason }
  /** There is no session at all. */
  | { readonly kind: 'nobody' }
  /** No answer that says anything about the session. */
  | { readonly kind: 'unreachable' }

export interface SessionGate {
  /** False when the browser holds no session cookie, so that guests cost no request. */
  mayBeSignedIn(): boolean
  /** Waits out a 503. */
  refresh(): Promise<RefreshResult>
  /** A refresh that asks once. */
  look(): Promise<RefreshResult>
  /** @throws {ApiError} */
  signIn(credentials: { email: string; password: string }): Promise<SignedIn>
  /** @throws {ApiError} */
  signOut(): Promise<void>
}

export interface SessionGatePorts extends PatiencePorts {
  readonly transport: Transport
  mayBeSignedIn(): boolean
  /**
   * Runs the work while no other does, in any tab. A refresh cookie is good once, and the answer of an old refresh
   * must not clear the cookie that a login has just set.
   */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Milliseconds. Everybody logs in at once after an emergency, so a login has more patience. */
const loginBudget = 90_000

export function sessionGate(ports: SessionGatePorts): SessionGate {
  const { transport, alone } = ports
  // Locked for the time of one request, so that a wait keeps no other tab waiting.
  const post = (path: string, body?: unknown): (() => Promise<ApiAnswer | Later>) => {
    const request = { method: 'POST', path, repeatable: true, ...(body !== undefined && { body }) } as const
    return () => alone(() => transport(request))
  }
  const refresh = post('/api/auth/refresh')

  return {
    mayBeSignedIn: () => ports.mayBeSignedIn(),
    refresh: async () => refreshResult(await patiently(refresh, ports)),
    look: async () => refreshResult(await refresh()),
    async signIn(credentials) {
      const answer = await patiently(post('/api/auth/login', credentials), ports, { budget: loginBudget })
      if (answer instanceof Later) throw new ApiError(503, 'ERR_UNREACHABLE', [], answer.retryAfter)
      if (answer.status !== 200) throw errorIn(answer)
      return answer.body as SignedIn
    },
    async signOut() {
      const answer = await patiently(post('/api/auth/logout'), ports)
      if (answer instanceof Later) throw new ApiError(503, 'ERR_UNREACHABLE', [], answer.retryAfter)
      if (answer.status !== 204) throw errorIn(answer)
    },
  }
}

/** Only a 401 of this route ends a session. */
export function refreshResult(answer: ApiAnswer | Later): RefreshResult {
  if (answer instanceof Later) return { kind: 'unreachable' }
  const body = (answer.body ?? {}) as Partial<SignedIn> & { code?: unknown; reason?: unknown }
  if (answer.status === 200 && typeof body.accessToken === 'string')
    return { kind: 'signed-in', signedIn: body as SignedIn }
  if (answer.status !== 401) return { kind: 'unreachable' }
  if (body.code === 'ERR_SESSION_MISSING') return { kind: 'nobody' }
  return { kind: 'ended', reason: body.reason === 'security' ? 'security' : 'expired' }
}
