/** createApp: the hub's HTTP server, made from the route table. */
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { KeyturnError, StoreError } from 'keyturn'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { addPages } from '../pages/page-routes.ts'
import { authenticate } from '../access/authenticate.ts'
import type { Principal } from '../access/principal.ts'
import { assertAllowed } from '../access/scopes.ts'
import type { Hub } from '../hub.ts'
import { addConsole } from './console-files.ts'
import { docsPolicy, openapi, schemaOf } from './openapi.ts'
import { forwardAuthAnswer } from './forward-auth-answer.ts'
import { once } from './once.ts'
import { problemOf } from './problem.ts'
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
  /** Addresses of proxies whose X-Forwarded-For is believed, comma-separated. @default none */
  readonly trustProxy?: string | undefined
  /** Where the console's files are. @default those of the package */
  readonly consoleFolder?: string
}

/** Unlike those of any other start, and cheap: thousands are made a second. */
function requestIds(): () => string {
  const start = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${start}-${(count += 1).toString(36)}`
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined
  }
}

/** The server, not listening yet. */
export async function createApp({
  hub,
  logger,
  tls,
  trustProxy,
  consoleFolder,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger,
    bodyLimit: mostBody,
    requestTimeout,
    // The lines of thousands of heartbeats say nothing.
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 400 },
    // Named in answers: one of another replica, or of a start before, must not be taken for it in the logs.
    genReqId: requestIds(),
    // What Fastify would say by itself is no problem document.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void securityHeaders(request, reply)
      answerProblem(error, request, reply)
    },
    clientErrorHandler: answerUnread,
    return503OnClosing: false,
    ...(trustProxy && { trustProxy }),
    ...(tls && { https: { ...tls, minVersion: 'TLSv1.2' } }),
  } as object) as unknown as FastifyInstance
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    if (consolePage(request, reply)) return
    const error = new KeyturnError('ERR_ROUTE_NOT_FOUND', `there is no ${request.method} ${pathOf(request)}`)
    answerProblem(error, request, reply)
  })
  app.decorateRequest('principal', undefined)
  app.addHook('onRequest', securityHeaders)
  // Before what may refuse: a page that says so has a language.
  await app.register(cookie)
  app.addHook('onRequest', async (_, reply) => {
    if (!hub.stopping.aborted) return
    reply.header('connection', 'close')
    throw new StoreError('ERR_STORE_UNREACHABLE', 'this hub is stopping')
  })
  await app.register(swagger, openapi)
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: docsPolicy,
    // Its bar shows the logo of the framework, and a field for the address of any other API.
    theme: {
      title: 'Keyturn hub: API',
      css: [{ filename: 'keyturn.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  })
  for (const route of routes) add(app, hub, route)
  await addPages(app, hub)
  const consolePage = await addConsole(app, consoleFolder)
  answerFirst(app, forwardAuthAnswer(hub, requestIds()))
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app
}

/** What this answers never gets to the framework. */
function answerFirst(app: FastifyInstance, answer: ReturnType<typeof forwardAuthAnswer>): void {
  const { server } = app
  const listeners = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (answer(request, response)) return
    for (const listener of listeners) listener.call(server, request, response)
  })
}

function add(app: FastifyInstance, hub: Hub, route: Route): void {
  const { method, url, access, answers, idempotent, media } = route
  const [status = 200] = Object.keys(answers).map(Number)
  app.route({
    method,
    url,
    schema: schemaOf(route),
    // The head of a stream would wait for its end.
    ...(media === 'text/event-stream' && { exposeHeadRoute: false }),
    onRequest: async request => {
      if (access === 'public') return
      request.principal = await authenticate(request, {
        tokens: hub.tokens,
        sessions: hub.sessions,
        isForwarded: url === '/v1/forward-auth',
        // What a page asks by itself, while nobody is there.
        slide: request.headers['x-keyturn-idle'] !== '1' && media !== 'text/event-stream',
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
      const { principal } = request
      const same = [method, request.url, JSON.stringify(request.body)]
      const answer = await once(hub, { principal, key, request: same }, async once => {
        const body = await route.handle({ ...call, once })
        const location = reply.getHeader('location')
        return { status, body, ...(typeof location === 'string' && { location }) }
      })
      if (answer.location !== undefined) reply.header('location', answer.location)
      reply.code(answer.status)
      return answer.body
    },
  })
}

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

/** A request that is no HTTP, or too long for its head: there is no reply to answer it with. */
function answerUnread(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { problem: shown } = problemOf(
    { statusCode: 400, code: error.code },
    randomBytes(9).toString('base64url'),
  )
  const body = JSON.stringify(shown)
  socket.end(
    `HTTP/1.1 ${shown.status} Bad Request\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  )
  // Who goes on sending is not listened to.
  setTimeout(() => socket.destroy(), 1_000).unref()
}
