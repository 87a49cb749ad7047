/** The session's cookie. */
import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The prefix makes browsers refuse it for other hosts, other paths, and over plain HTTP off this machine. */
const name = '__Host-keyturn'
const attributes = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const

/** The id of the session, if the request has one. */
export const sessionIdOf = (request: Pick<FastifyRequest, 'cookies'>): string | undefined =>
  request.cookies[name]

/** Ends with the browser; the hub ends the session earlier. */
export function setSessionCookie(reply: FastifyReply, id: string): void {
  void reply.setCookie(name, id, attributes)
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(name, attributes)
}
