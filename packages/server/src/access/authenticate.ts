/** authenticate: who makes a request, by its access token or by its session's cookie. */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from './access-tokens.ts'
import { AuthError } from './auth-error.ts'
import { clientAddress } from './client-address.ts'
import { digestOf } from './opaque-secret.ts'
import type { OperatorPrincipal, Principal } from './principal.ts'
import { sessionIdOf } from './session-cookie.ts'
import type { Session, Sessions } from './sessions.ts'

export interface AuthenticateOptions {
  readonly tokens: AccessTokens
  readonly sessions: Sessions
  /** Only X-Keyturn-Token counts: Authorization and cookies are those of somebody else. @default false */
  readonly isForwarded?: boolean
  /** Whether the request keeps its session alive. @default true */
  readonly slide?: boolean
}

const bearer = /^bearer +(\S+) *$/i

/**
 * Undefined when nobody is logged in. A token counts before a cookie.
 * @throws {AuthError} ERR_AUTH_INVALID for what is not valid any more or malformed, ERR_AUTH_CSRF for a change that
 * does not come from a page of the hub
 */
export async function authenticate(
  request: FastifyRequest,
  { tokens, sessions, isForwarded = false, slide = true }: AuthenticateOptions,
): Promise<Principal | undefined> {
  const token = tokenOf(request, isForwarded)
  // A proxy that asks about a visitor names the visitor's address; the token is its own.
  const address = isForwarded ? (request.socket.remoteAddress ?? '') : request.ip
  if (token !== undefined) return tokens.find(token, clientAddress(address))
  const id = isForwarded ? undefined : sessionIdOf(request)
  if (id === undefined) return undefined
  const session = await sessions.find(id, { slide })
  if (!session) throw new AuthError('ERR_AUTH_INVALID')
  if (request.method !== 'GET' && request.method !== 'HEAD')
    refuseForged(request, session, request.headers['x-keyturn-csrf'])
  return operatorIn(session)
}

export function operatorIn(session: Session): OperatorPrincipal {
  const { operator: name, role, digest, idleUntil, expiresAt } = session
  return { kind: 'operator', name, role, session: digest, idleUntil, expiresAt }
}

function tokenOf(request: FastifyRequest, isForwarded: boolean): string | undefined {
  if (isForwarded) {
    const header = request.headers['x-keyturn-token']
    return typeof header === 'string' ? header : undefined
  }
  const { authorization } = request.headers
  if (authorization === undefined) return undefined
  const token = bearer.exec(authorization)?.[1]
  if (token === undefined) throw new AuthError('ERR_AUTH_INVALID', 'Authorization is not Bearer and a token')
  return token
}

/**
 * Browsers send the cookie with whatever any page asks for.
 * @param csrf the token that came with a change
 * @throws {AuthError} ERR_AUTH_CSRF
 */
export function refuseForged(request: FastifyRequest, session: Pick<Session, 'csrf'>, csrf: unknown): void {
  refuseOtherSites(request)
  if (typeof csrf !== 'string' || !isSame(digestOf(csrf), session.csrf))
    throw new AuthError('ERR_AUTH_CSRF', 'X-Keyturn-CSRF is missing or not that of the session')
}

/** For routes without a login as well: nobody is logged in by another site's page. @throws {AuthError} ERR_AUTH_CSRF */
export function refuseOtherSites(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site === 'cross-site') throw new AuthError('ERR_AUTH_CSRF', 'the request comes from another site')
  if (origin !== undefined && hostOf(origin) !== request.host)
    throw new AuthError('ERR_AUTH_CSRF', 'Origin is another host than Host')
}

/** Undefined for `null` and other opaque origins. */
const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
