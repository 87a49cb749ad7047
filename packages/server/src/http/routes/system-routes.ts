/** Routes of the hub itself: whether it lives, whether it can work, and what it measures. */
import { z } from 'zod'
import type { Route } from '../route.ts'
import * as schemas from '../schemas.ts'

export const systemRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/healthz',
    access: 'public',
    summary: 'The process lives',
    answers: { 200: z.object({ status: z.literal('ok') }) },
    handle: () => ({ status: 'ok' as const }),
  },
  {
    method: 'GET',
    url: '/readyz',
    access: 'public',
    summary: 'The database answers',
    answers: {
      200: z.object({ status: z.literal('ready') }),
      503: z.object({ status: z.literal('unready') }),
    },
    handle: async ({ hub, reply }) => {
      const isReady = await hub.feed.refresh().then(
        () => true,
        () => false,
      )
      if (isReady) return { status: 'ready' as const }
      return reply.code(503).send({ status: 'unready' })
    },
  },
  {
    method: 'GET',
    url: '/metrics',
    access: 'public',
    summary: 'Metrics for Prometheus',
    answers: { 200: schemas.text },
    media: 'text/plain',
    handle: async ({ hub, reply }) =>
      reply.header('content-type', hub.metrics.contentType).send(await hub.metrics.text()),
  },
]
