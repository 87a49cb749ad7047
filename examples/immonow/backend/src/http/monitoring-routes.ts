/** /healthz, /readyz and /metrics. */
import type { FastifyInstance } from 'fastify'

import type { Services } from '../services.ts'
import { metricsText, requestCounter } from './metrics.ts'
import { Problem } from './problem.ts'

export function registerMonitoringRoutes(app: FastifyInstance, services: Services, now: () => number): void {
  const { database, keyring } = services
  const requests = requestCounter()

  app.addHook('onResponse', async (_request, reply) => requests.count(reply.statusCode))

  // Alive: the process answers. Says nothing about whether it should get requests.
  app.get('/healthz', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )

  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    const { state, ring, generation } = keyring
    if (state === 'stale') {
      throw new Problem('ERR_NOT_READY', { detail: 'the ring is older than maxStale', retryAfter: 2 })
    }
    try {
      database.get('SELECT count(*) FROM users WHERE id IS NULL')
    } catch (cause) {
      throw new Problem('ERR_NOT_READY', { detail: 'the database does not answer', retryAfter: 2, cause })
    }
    // An instance that is `verify-only` serves everybody who is signed in and refuses logins with 503, until the hub
    // answers. It gets requests: with 503 here, instances that all start while the hub is away would serve nobody, and
    // only who wanted the opposite has set KEYTURN_SNAPSHOT. A roll-out has to wait for `fresh`.
    return { status: 'ready', state, ring, generation }
  })

  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(metricsText(services, requests.byStatus(), now())),
  )
}
