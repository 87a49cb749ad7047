/** Puts the service together. Everything that a test may want to replace comes in from outside. */
import cookie from '@fastify/cookie'
import Fastify, { LogController, type FastifyInstance } from 'fastify'
import type { Keyring } from 'keyturn'
import keyturn from 'keyturn/fastify'
import { randomUUID } from 'node:crypto'

import { accountStore } from './accounts/accounts.ts'
import { registerAuthRoutes } from './accounts/auth-routes.ts'
import { loginLimits } from './accounts/login-limits.ts'
import { passwordHasher, type Passwords } from './accounts/passwords.ts'
import { reportLimits } from './accounts/report-limits.ts'
import { sessionStore } from './accounts/sessions.ts'
import type { Database } from './database/database.ts'
import { answerError, answerUnparsed, registerErrorAnswers } from './http/error-answers.ts'
import { registerMonitoringRoutes } from './http/monitoring-routes.ts'
import { siteIn } from './http/site.ts'
import { registerListingRoutes } from './listings/listing-routes.ts'
import { listingStore } from './listings/listings.ts'
import type { Services } from './services.ts'
import { defaultSettings, type Settings } from './settings.ts'

export interface AppOptions {
  readonly keyring: Keyring
  /** Open and migrated. The caller closes it, after the app. */
  readonly database: Database
  readonly settings?: Partial<Settings>
  readonly passwords?: Passwords
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { keyring, database, now = Date.now } = options
  const settings = { ...defaultSettings, logLevel: 'silent', ...options.settings }
  const app = Fastify({
    // The same lines as those of log-line.ts.
    logger: {
      level: settings.logLevel,
      stream: process.stderr,
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    // One line for each request would be more log than service; the metrics count them.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: settings.trustProxy,
    bodyLimit: 32 * 1024,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    // While closing, requests that are under way on open connections are still served.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerUnparsed,
  })

  const services: Services = {
    keyring,
    database,
    settings,
    accounts: accountStore(database, now),
    passwords: options.passwords ?? passwordHasher(),
    limits: loginLimits(database, now),
    reports: reportLimits(database, now),
    sessions: sessionStore(database, now),
    listings: listingStore(database, now),
  }

  const site = settings.siteFolder === undefined ? undefined : siteIn(settings.siteFolder)
  registerErrorAnswers(app, site?.sendPage)
  // JSON only: a form on another site can send text/plain without asking the browser first.
  app.removeContentTypeParser('text/plain')
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    // Without this, a client that keeps its connection open would hold up the end.
    if (closing) reply.header('connection', 'close')
  })
  await app.register(cookie)
  await app.register(keyturn, { keyring })
  registerMonitoringRoutes(app, services, now)
  registerAuthRoutes(app, services, now)
  registerListingRoutes(app, services)
  await site?.register(app)
  await app.ready()
  return app
}
