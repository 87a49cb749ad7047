/** The Fastify plugin: `app.authenticate`, and token errors as problem documents. RFC 6750 §3, RFC 9457. Subpath `keyturn/fastify`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TokenError, errorTable, type KeyturnError } from '../errors.ts'
import type { Keyring } from '../keyring/keyring.ts'
import type { Claims } from '../token/claims.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** A hook that lets only requests with a valid token pass: `{ onRequest: app.authenticate }`. */
    authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void>
    /** The application's keyring. */
    keyring: Keyring
  }
  interface FastifyRequest {
    /** Claims of the token, after `authenticate`. */
    user: Claims
    /** The key that signed the token, after `authenticate`. */
    kid: string
  }
}

export interface KeyturnFastifyOptions {
  readonly keyring: Keyring
}

/** A problem document. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  /** For the login page: why the login ended. */
  readonly reason?: 'expired' | 'security'
}

/** The problem document of an error. */
export function problemOf(error: KeyturnError): Problem {
  const { code, status } = error
  const isRefused = error instanceof TokenError && status === 401 && code !== 'ERR_TOKEN_MISSING'
  return {
    type: `urn:keyturn:error:${code}`,
    title: errorTable[code].title,
    status,
    code,
    detail: error.fix,
    ...(isRefused && {
      reason: code === 'ERR_KEY_COMPROMISED' ? ('security' as const) : ('expired' as const),
    }),
  }
}

/** Answers with the problem document of a token error, with WWW-Authenticate or Retry-After. */
export async function sendProblem(reply: FastifyReply, error: KeyturnError): Promise<void> {
  const problem = problemOf(error)
  if (problem.status === 401) {
    const detail = error.code === 'ERR_TOKEN_MISSING' ? '' : ' error="invalid_token"'
    reply.header('WWW-Authenticate', `Bearer${detail}`)
  }
  if (error instanceof TokenError && error.retryAfter !== undefined)
    reply.header('Retry-After', String(error.retryAfter))
  await reply.code(problem.status).type('application/problem+json').send(problem)
}

/** @throws {TokenError} ERR_TOKEN_MISSING */
function bearerOf(request: FastifyRequest): string {
  const match = /^Bearer +([^\s]+) *$/i.exec(request.headers.authorization ?? '')
  if (!match?.[1]) throw new TokenError('ERR_TOKEN_MISSING')
  return match[1]
}

/** Registers `app.authenticate`, `app.keyring`, `request.user` and `request.kid`. */
async function keyturn(app: FastifyInstance, { keyring }: KeyturnFastifyOptions): Promise<void> {
  app.decorate('keyring', keyring)
  app.decorateRequest('user')
  app.decorateRequest('kid', '')
  app.decorate('authenticate', async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      const { payload, kid } = await keyring.authenticate(bearerOf(request))
      request.user = payload
      request.kid = kid
    } catch (error) {
      if (!(error instanceof TokenError)) throw error
      await sendProblem(reply, error)
    }
  })
  // A process that stood still reads its ring before any route signs with it.
  app.addHook('onRequest', () => keyring.fresh())
}

/** The decorations are for the whole application, not for a child scope. */
export default Object.assign(keyturn, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'keyturn',
})
