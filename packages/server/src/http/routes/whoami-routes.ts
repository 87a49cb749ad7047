/** The route that says who is logged in. */
import { z } from 'zod'
import { roles } from '../../access/scopes.ts'
import { callerOf, type Route } from '../route.ts'

export const whoami = z.object({
  kind: z.enum(['operator', 'token']),
  id: z.string().nullable().describe('of the token'),
  name: z.string(),
  role: z.enum(roles).optional(),
  scopes: z.array(z.string()).optional(),
  expiresAt: z.string().describe('ISO 8601, UTC'),
})

export const whoamiRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/v1/whoami',
    access: 'any',
    summary: 'Who is logged in, and what they may do',
    answers: { 200: whoami },
    handle: (call): z.infer<typeof whoami> => {
      const caller = callerOf(call)
      const { kind, name } = caller
      const expiresAt = new Date(caller.expiresAt).toISOString()
      return caller.kind === 'operator'
        ? { kind, id: null, name, role: caller.role, expiresAt }
        : { kind, id: caller.id, name, scopes: [...caller.scopes], expiresAt }
    },
  },
]
