/** Routes of the session: an operator at the console, with a cookie. */
import { z } from 'zod'
import { refuseOtherSites } from '../../access/authenticate.ts'
import { clientAddress } from '../../access/client-address.ts'
import { digestOf } from '../../access/opaque-secret.ts'
import { roles, type Role } from '../../access/scopes.ts'
import { clearSessionCookie, sessionIdOf, setSessionCookie } from '../../access/session-cookie.ts'
import { csrfOf, type NewSession } from '../../access/sessions.ts'
import { callerOf, type Call, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

/** What a login sends. The rules for a password are the hub's, and have an error of their own. */
export const credentials = z.strictObject({
  name: z.string().min(1).max(100).refine(schemas.isPlain, 'holds control characters'),
  password: z.string().min(1).max(4096),
})

export const sessionView = z.object({
  name: z.string(),
  role: z.enum(roles),
  csrf: z.string().describe('for the header X-Keyturn-CSRF of everything but GET'),
  idleUntil: z.string().describe('ISO 8601, UTC: ends then if nobody uses it'),
  expiresAt: z.string().describe('ISO 8601, UTC: ends then anyway'),
})

export const sessionRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/session',
    access: 'public',
    summary: 'Log in at the console; sets the cookie',
    body: credentials,
    answers: { 200: sessionView },
    handle: call => logIn(call, call.body as z.infer<typeof credentials>),
  },
  {
    method: 'GET',
    url: '/v1/session',
    access: 'session',
    summary:
      'Who is logged in at the console. A request with X-Keyturn-Idle: 1 does not keep the session alive',
    answers: { 200: sessionView },
    handle: call => {
      const caller = callerOf(call)
      if (caller.kind !== 'operator') return undefined
      return viewOf(caller, { ...caller, csrf: csrfOf(sessionIdOf(call.request) ?? '') })
    },
  },
  {
    method: 'DELETE',
    url: '/v1/session',
    access: 'session',
    summary: 'Log out',
    answers: { 204: schemas.nothing },
    handle: async call => {
      const caller = callerOf(call)
      if (caller.kind === 'operator') await call.hub.sessions.end(caller.session)
      clearSessionCookie(call.reply)
      return call.reply.code(204).send()
    },
  },
]

type Visit = Pick<Call, 'hub' | 'request' | 'reply'>

/** Sets the cookie. @throws {AuthError} ERR_AUTH_CREDENTIALS, ERR_AUTH_LOCKED; ERR_AUTH_CSRF from another site's page */
export async function logIn(
  call: Visit,
  given: z.infer<typeof credentials>,
): Promise<z.infer<typeof sessionView>> {
  const { hub, request } = call
  refuseOtherSites(request)
  const opened = await hub.operators.login(
    { ...given, address: clientAddress(request.ip) },
    async (connection, operator) => ({
      ...operator,
      session: await hub.sessions.create(operator.name, connection),
    }),
  )
  return admitted(call, opened)
}

/** Answers a login with its cookie. The session that the browser had before ends. */
export async function admitted(
  { hub, request, reply }: Visit,
  opened: { readonly name: string; readonly role: Role; readonly session: NewSession },
): Promise<z.infer<typeof sessionView>> {
  const { session } = opened
  const before = sessionIdOf(request)
  if (before !== undefined) await hub.sessions.end(digestOf(before))
  setSessionCookie(reply, session.id)
  return viewOf(opened, session)
}

const viewOf = (
  { name, role }: { readonly name: string; readonly role: Role },
  { csrf, idleUntil, expiresAt }: Pick<NewSession, 'csrf' | 'idleUntil' | 'expiresAt'>,
): z.infer<typeof sessionView> => ({
  name,
  role,
  csrf,
  idleUntil: new Date(idleUntil).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
})
