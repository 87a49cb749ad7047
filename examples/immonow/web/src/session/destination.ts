/** Where the session sends a reader: to the login page when it ended, and back from there. */
import { safeReturnTo } from './return-to.ts'
import type { EndReason } from './session-gate.ts'
import type { SessionState } from './session.ts'

export interface Place {
  readonly pathname: string
  /** Path and query. */
  readonly href: string
}

const needsLogin = /^\/(write|my-listings)(\/|$)/

/** Address of the login page that leads back. */
export function loginAddress(returnTo: string, reason?: EndReason): string {
  const parts = [
    ...(reason === undefined ? [] : [`reason=${reason}`]),
    ...(returnTo === '/' ? [] : [`returnTo=${encodeURIComponent(returnTo).replaceAll('%2F', '/')}`]),
  ]
  return parts.length === 0 ? '/login' : `/login?${parts.join('&')}`
}

/**
 * The address to go to, or undefined to stay.
 * @param returnTo what the address of the login page says
 * @param wasSignedIn whether this tab showed a signed-in reader; a new tab may read public pages as a guest
 */
export function destination(
  state: SessionState,
  { pathname, href }: Place,
  returnTo: unknown,
  wasSignedIn: boolean,
): string | undefined {
  if (pathname === '/login' || pathname === '/register')
    return state.status === 'signed-in' ? safeReturnTo(returnTo) : undefined
  if (state.status === 'ended' && (wasSignedIn || needsLogin.test(pathname)))
    return loginAddress(href, state.reason)
  if (state.status === 'guest' && needsLogin.test(pathname)) return loginAddress(href)
  return undefined
}
