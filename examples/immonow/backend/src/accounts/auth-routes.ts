/** /api/auth: register, log in, refresh, log out, who am I, I was signed out unexpectedly. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { Problem } from '../http/problem.ts'
import { line, validate } from '../http/validate.ts'
import { signedInAccount, type Services } from '../services.ts'
import { issueAccessToken } from './access-token.ts'
import { publicAccount, type PublicAccount } from './accounts.ts'
import { emailAddress, normalizeEmail } from './email.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts'
import type { Login } from './sessions.ts'

const password = z
  .string({ error: 'must be text' })
  .min(8, 'must have at least 8 characters')
  .max(256, 'must have at most 256 characters')

const registration = z.strictObject({ email: emailAddress, password, name: line(1, 100) })

// Today's rules for new passwords say nothing about those of yesterday.
const credentials = z.strictObject({
  email: line(1, 320),
  password: z.string({ error: 'must be text' }).max(256, 'must have at most 256 characters'),
})

const signOutReport = z.strictObject({
  reason: z.enum(['expired', 'security'], 'must be expired or security'),
})

/** What a login and a refresh answer. */
interface SignedIn {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly user: PublicAccount
}

export function registerAuthRoutes(app: FastifyInstance, services: Services, now: () => number): void {
  const { accounts, keyring, limits, passwords, reports, sessions, settings } = services

  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/auth/')) reply.header('cache-control', 'no-store')
  })

  app.post('/api/auth/register', async (request, reply) => {
    const { email, password, name } = validate(registration, request.body)
    if (accounts.byEmail(email)) throw new Problem('ERR_EMAIL_TAKEN')
    const account = await accounts.create({ email, name, passwordHash: await passwords.hash(password) })
    return reply.code(201).send({ user: publicAccount(account) })
  })

  app.post('/api/auth/login', async (request, reply): Promise<SignedIn> => {
    const { email: typed, password } = validate(credentials, request.body)
    const email = normalizeEmail(typed)
    const gate = (): void => limits.check(email, request.ip)
    gate()
    const account = accounts.byEmail(email)
    // Asked again when it is this password's turn, or a burst would get past the limit.
    const fits = await passwords.verify(account?.passwordHash, password, gate)
    if (!account || !fits) {
      keyring.recordLogin(false)
      await limits.failed(email, request.ip)
      throw new Problem('ERR_LOGIN_FAILED')
    }
    await keyring.fresh()
    const access = issueAccessToken(keyring, account, settings)
    const refresh = await sessions.create(account.id, keyring.sessionStamp())
    await limits.succeeded(email)
    keyring.recordLogin(true)
    setRefreshCookie(request, reply, settings, refresh, now())
    return { ...access, user: publicAccount(account) }
  })

  app.post('/api/auth/refresh', async (request, reply): Promise<SignedIn> => {
    const token = readRefreshCookie(request)
    if (token === undefined) throw new Problem('ERR_SESSION_MISSING', { reason: 'expired' })
    await keyring.fresh()
    try {
      const login = sessions.peek(token)
      refuseEnded(services, login)
      const account = accounts.byId(login.userId)
      if (!account) throw new Problem('ERR_SESSION_UNKNOWN', { reason: 'expired' })
      // Signed first: if that fails, the client still holds a good refresh token.
      const access = issueAccessToken(keyring, account, settings)
      const refresh = await sessions.rotate(token, current => refuseEnded(services, current))
      setRefreshCookie(request, reply, settings, refresh, now())
      return { ...access, user: publicAccount(account) }
    } catch (error) {
      if (error instanceof Problem && lost.has(error.code)) clearRefreshCookie(request, reply, settings)
      throw error
    }
  })

  app.post('/api/auth/logout', async (request, reply) => {
    const token = readRefreshCookie(request)
    if (token !== undefined) await sessions.end(token)
    clearRefreshCookie(request, reply, settings)
    return reply.code(204).send()
  })

  // From the login page: nobody is signed in there. What it says is only counted.
  app.post('/api/auth/unexpected-sign-out', async (request, reply) => {
    validate(signOutReport, request.body)
    await reports.count(request.ip)
    keyring.recordUnexpectedSignOut()
    return reply.code(204).send()
  })

  app.get('/api/auth/me', { onRequest: app.authenticate }, async request => ({
    user: publicAccount(signedInAccount(services, request)),
  }))
}

/** After these the cookie is worth nothing any more. ERR_SESSION_ENDED is not among them: a rollback brings it back. */
const lost: ReadonlySet<string> = new Set(['ERR_SESSION_UNKNOWN', 'ERR_SESSION_REUSED'])

/**
 * Refuses a login from before the ring's cutoff. Changes no row and clears no cookie.
 * @throws {Problem} ERR_SESSION_ENDED
 */
function refuseEnded({ keyring }: Services, { stamp }: Login): void {
  if (!keyring.sessionEnded(stamp)) return
  throw new Problem('ERR_SESSION_ENDED', {
    reason: keyring.sessionEndedForSecurity(stamp) ? 'security' : 'expired',
  })
}
