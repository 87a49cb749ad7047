/** createApp: the hub's HTTP server, made from the route table. */
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { KeyturnError } from 'keyturn'
import type { SecureContextOptions } from 'node:tls'
import { authenticate } from '../access/authenticate.ts'
import type { Principal } from '../access/principal.ts'
import { assertAllowed } from '../access/scopes.ts'
import type { Hub } from '../hub.ts'
import { version } from '../version.ts'
import { problemOf } from './problem.ts'
import { problem } from './problem-schema.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'
import { securityHeaders } from './security-headers.ts'

/** Bytes of a body: a lease with 64 kids is far smaller. */
const mostBody = 65_536
/** Milliseconds. A body that dribbles in holds a connection. */
const requestTimeout = 30_000

export interface AppOptions {
  readonly hub: Hub
  /** pino's options, or false. */
  readonly logger: object | boolean
  readonly tls?: Pick<SecureContextOptions, 'cert' | 'key'>
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined
  }
}

/** The server, not listening yet. */
export async function createApp({ hub, logger, tls }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger,
    bodyLimit: mostBody,
    requestTimeout,
    // The lines of thousands of heartbeats say nothing.
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 400 },
    ...(tls && { https: { ...tls, minVersion: 'TLSv1.2' } }),
  } as object) as unknown as FastifyInstance
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    answerProblem(
      new KeyturnError('ERR_ROUTE_NOT_FOUND', `there is no ${request.method} ${pathOf(request)}`),
      request,
      reply,
    ),
  )
  app.decorateRequest('principal', undefined)
  app.addHook('onRequest', securityHeaders)
  await app.register(cookie)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Keyturn hub',
        version,
        description: 'Rings of JWT signing secrets for a fleet. Errors are problem documents (RFC 9457).',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'an access token, kt_…' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-keyturn' },
        },
      },
    },
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: header => header,
  })
  for (const route of routes) add(app, hub, route)
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app
}

function add(app: FastifyInstance, hub: Hub, route: Route): void {
  const { method, url, access, summary, params, query, body, answers, idempotent } = route
  const [status = 200] = Object.keys(answers).map(Number)
  app.route({
    method,
    url,
    schema: {
      summary,
      tags: [tagOf(url)],
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: { ...answers, '4xx': problem, '5xx': problem },
      ...(access !== 'public' && { security: [{ token: [] }, { session: [] }] }),
      description: access === 'public' ? 'Needs no login.' : `Needs ${needs[access]}.`,
      ...(url.startsWith('/v1/') ? {} : { hide: url === '/setup.js' || url === '/setup.css' }),
    } as object,
    onRequest: async request => {
      if (access === 'public') return
      request.principal = await authenticate(request, {
        tokens: hub.tokens,
        sessions: hub.sessions,
        isForwarded: url === '/v1/forward-auth',
      })
      assertAllowed(request.principal, access, ringOf(request))
    },
    handler: async (request, reply) => {
      const call = {
        hub,
        request,
        reply,
        ...(request.principal && { principal: request.principal }),
        params: (request.params ?? {}) as Record<string, string>,
        query: request.query,
        body: request.body,
      }
      const key = request.headers['idempotency-key']
      if (!idempotent || typeof key !== 'string') {
        reply.code(status)
        return route.handle(call)
      }
      const answer = await hub.idempotency.once(
        `${request.principal?.kind === 'token' ? request.principal.id : (request.principal?.name ?? '')}\n${key}`,
        [method, request.url, JSON.stringify(request.body)].join('\n'),
        async () => ({ status, body: await route.handle(call) }),
      )
      reply.code(answer.status)
      return answer.body
    },
  })
}

const needs = {
  any: 'a login',
  session: 'an operator with a session',
  instance: 'an access token with instance:RING',
  read: 'the role viewer, or the scope read',
  operate: 'the role operator, or the scope operate',
  admin: 'the role admin, or the scope admin',
} as const

const tagOf = (url: string): string => (url.startsWith('/v1/') ? (url.split('/')[2] ?? '') : 'hub')

/** The ring that the request is about, checked before its schema is. */
function ringOf(request: FastifyRequest): string | undefined {
  const { ring } = { ...(request.query as object), ...(request.params as object) } as { ring?: unknown }
  return typeof ring === 'string' ? ring : undefined
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? ''

function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { problem: shown, retryAfter, isInternal } = problemOf(error, request.id)
  if (isInternal) request.log.error({ err: error, requestId: request.id }, 'unexpected')
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  if (shown.status === 401) reply.header('www-authenticate', 'Bearer')
  // Serialised here: the schemas of the routes do not know what a problem carries.
  void reply
    .code(shown.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(shown)
}
