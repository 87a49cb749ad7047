/**
 * The cookie that carries the refresh token. It goes to /api/auth only, and no script can read it. A second one says
 * to scripts that it is there, so that the web front end sends no refresh for guests. It is worth nothing.
 */
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Settings } from '../settings.ts'
import type { RefreshToken } from './sessions.ts'

const name = 'immonow_refresh'
const hintName = 'immonow_session'

export const readRefreshCookie = (request: FastifyRequest): string | undefined => request.cookies[name]

export function setRefreshCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  settings: Settings,
  refresh: RefreshToken,
  now: number,
): void {
  const maxAge = Math.max(0, Math.floor((refresh.expiresAt - now) / 1000))
  reply.setCookie(name, refresh.token, { ...attributes(request, settings), maxAge })
  reply.setCookie(hintName, '1', { ...hintAttributes(request, settings), maxAge })
}

export function clearRefreshCookie(request: FastifyRequest, reply: FastifyReply, settings: Settings): void {
  reply.clearCookie(name, attributes(request, settings))
  reply.clearCookie(hintName, hintAttributes(request, settings))
}

const attributes = (request: FastifyRequest, settings: Settings): CookieSerializeOptions => ({
  path: '/api/auth',
  httpOnly: true,
  sameSite: 'lax',
  secure: settings.cookieSecure === 'auto' ? !isLocal(request) : settings.cookieSecure,
})

const hintAttributes = (request: FastifyRequest, settings: Settings): CookieSerializeOptions => ({
  ...attributes(request, settings),
  path: '/',
  httpOnly: false,
})

/** Plain http to a name of this machine: the one case in which browsers may drop a Secure cookie for good reason. */
const isLocal = (request: FastifyRequest): boolean =>
  request.protocol === 'http' &&
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(request.hostname ?? '')
