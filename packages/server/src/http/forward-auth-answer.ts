/** forwardAuthAnswer: verifies for a proxy without the detour through the framework, since it is asked at every request of everybody. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Authenticated } from 'keyturn'
import { clientAddress } from '../access/client-address.ts'
import { allows } from '../access/scopes.ts'
import type { Hub } from '../hub.ts'
import { problemOf } from './problem.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => boolean

const path = '/v1/forward-auth?ring='

/**
 * Answers what it can: a proxy's own token that is in memory, for a ring that is followed already. Everything else,
 * also whoever may not ask, is left to the route in the table. True when it has answered, or will.
 */
export function forwardAuthAnswer(hub: Hub, requestId: () => string): Answer {
  return (request, response) => {
    const { url = '', method, headers } = request
    if (!url.startsWith(path) || method !== 'GET' || hub.stopping.aborted || hasBody(request)) return false
    const ring = ringIn(url)
    const keyring = ring === undefined ? undefined : hub.forwardAuth.opened(ring)
    const token = bearerOf(headers.authorization)
    const own = headers['x-keyturn-token']
    if (!keyring || token === undefined || typeof own !== 'string') return false
    const principal = hub.tokens.known(own, clientAddress(request.socket.remoteAddress ?? ''))
    if (!allows(principal, 'instance', ring)) return false
    // After everything that has arrived is read: answers in between would wake their readers one by one.
    setImmediate(() => {
      keyring
        .authenticate(token)
        .then(accepted => accept(response, token, accepted))
        .catch((error: unknown) => refuse(response, error, requestId()))
    })
    return true
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/** Only the one parameter, as proxies send it. */
function ringIn(url: string): string | undefined {
  const text = url.slice(path.length)
  if (/^[\w.-]+\/[\w.-]+$/.test(text)) return text
  const encoded = /^([\w.-]+)%2[Ff]([\w.-]+)$/.exec(text)
  return encoded ? `${encoded[1]}/${encoded[2]}` : undefined
}

/** RFC 6750 §2.1. */
const bearerOf = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1]

/** For a header. JSON may hold half a character, which no header and no URL can: such a subject is in the claims alone. */
export const subjectOf = (sub: unknown): string | undefined =>
  typeof sub === 'string' && !/\p{Cs}/u.test(sub) ? encodeURIComponent(sub) : undefined

function accept(response: ServerResponse, token: string, { payload, kid }: Authenticated): void {
  const subject = subjectOf(payload.sub)
  response.writeHead(200, {
    'content-length': '0',
    'cache-control': 'no-store',
    'x-auth-kid': kid,
    // The payload as it was signed: base64url JSON already.
    'x-auth-claims': token.split('.', 2)[1] ?? '',
    ...(subject !== undefined && { 'x-auth-subject': subject }),
  })
  response.end()
}

function refuse(response: ServerResponse, error: unknown, requestId: string): void {
  const { problem, retryAfter } = problemOf(error, requestId)
  const body = JSON.stringify(problem)
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  })
  response.end(body)
}
