/** The route of the hub's events: logins, lock-outs, operators and tokens. */
import { z } from 'zod'
import type { Route } from '../route.ts'

const query = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) })

export const eventView = z.object({
  id: z.string(),
  at: z.string().describe('ISO 8601, UTC'),
  actor: z.string().describe('an operator, a token, or the address of somebody who failed'),
  action: z.string(),
  detail: z.string(),
})
export const eventList = z.object({ events: z.array(eventView) })

export const eventsRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/v1/events',
    access: 'admin',
    summary: 'What happened to operators and tokens, the newest first',
    query,
    answers: { 200: eventList },
    handle: async ({ hub, query: sent }) => {
      const { limit } = sent as z.infer<typeof query>
      const events = await hub.events.list(limit)
      return { events: events.map(event => ({ ...event, at: new Date(event.at).toISOString() })) }
    },
  },
]
