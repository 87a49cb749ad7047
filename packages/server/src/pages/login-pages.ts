/** loginPages: logging in and out without JavaScript. */
import { refuseForged } from '../access/authenticate.ts'
import { AuthError } from '../access/auth-error.ts'
import { sessionIdOf, clearSessionCookie } from '../access/session-cookie.ts'
import { problemOf } from '../http/problem.ts'
import { credentials, logIn } from '../http/routes/session-routes.ts'
import { localPath } from './local-path.ts'
import { loginPage } from './login-page.ts'
import type { Page, PageCall, PageRoute, Redirect } from './page-route.ts'

export const loginPages: readonly PageRoute[] = [
  {
    method: 'GET',
    url: '/login',
    access: 'public',
    handle: ({ words, query, principal }) => {
      const returnTo = localPath(query.get('returnTo')) ?? '/'
      return principal ? { location: returnTo } : loginPage({ words, name: '', returnTo })
    },
  },
  { method: 'POST', url: '/login', access: 'public', handle: tryLogin },
  // Where a logout leads that was refused, once somebody asks for it again.
  { method: 'GET', url: '/logout', access: 'public', handle: () => ({ location: '/' }) },
  {
    method: 'POST',
    url: '/logout',
    access: 'public',
    handle: async ({ hub, request, reply, form }) => {
      const id = sessionIdOf(request)
      const session = id === undefined ? undefined : await hub.sessions.find(id)
      if (session) {
        refuseForged(request, session, form.get('csrf'))
        await hub.sessions.end(session.digest)
      }
      clearSessionCookie(reply)
      return { location: '/login' }
    },
  },
]

async function tryLogin(call: PageCall): Promise<Page | Redirect> {
  const { words, form, request } = call
  const returnTo = localPath(form.get('returnTo')) ?? '/'
  const name = form.get('name') ?? ''
  const again = (problem: string, status: number, retryAfter?: number): Page => ({
    ...loginPage({ words, name, returnTo, problem }),
    status,
    retryAfter,
  })
  const given = credentials.safeParse({ name, password: form.get('password') ?? '' })
  if (!given.success) return again(words.loginMissing, 400)
  try {
    await logIn(call, given.data)
    return { location: returnTo }
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    const { status } = problemOf(error, request.id).problem
    if (error.code === 'ERR_AUTH_CREDENTIALS') return again(words.loginWrong, status)
    if (error.code !== 'ERR_AUTH_LOCKED') throw error
    const seconds = error.retryAfter ?? 60
    return again(words.loginLocked(Math.ceil(seconds / 60)), status, seconds)
  }
}
