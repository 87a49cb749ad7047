/** Principal: who makes a request. */
import type { Role, Scope } from './scopes.ts'

export type Principal = OperatorPrincipal | TokenPrincipal

/** Somebody at the console, with a cookie. */
export interface OperatorPrincipal {
  readonly kind: 'operator'
  readonly name: string
  readonly role: Role
  /** Digest of the session's id: names the session, opens nothing. */
  readonly session: string
  /** Epoch milliseconds: the session's end if nobody uses it, and its end anyway. */
  readonly idleUntil: number
  readonly expiresAt: number
}

/** A program, or an operator at a command line. */
export interface TokenPrincipal {
  readonly kind: 'token'
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** How the audit trail names them: `anna`, `token deploy (k3x0f9s2m4q1)`. */
export const actorOf = (principal: Principal): string =>
  principal.kind === 'operator' ? principal.name : `token ${principal.name} (${principal.id})`
