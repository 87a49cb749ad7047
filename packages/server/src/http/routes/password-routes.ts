/** The route that changes one's own password. */
import { z } from 'zod'
import { clientAddress } from '../../access/client-address.ts'
import { callerOf, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

export const change = z.strictObject({
  current: z.string().min(1).max(4096),
  next: z.string().min(1).max(4096),
})

export const passwordRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/password',
    access: 'session',
    summary: 'Change your password; all your other sessions and logins end',
    body: change,
    answers: { 204: schemas.nothing },
    handle: async call => {
      const { hub, request, reply } = call
      const caller = callerOf(call)
      const { current, next } = call.body as z.infer<typeof change>
      if (caller.kind === 'operator')
        await hub.operators.changePassword({
          name: caller.name,
          password: current,
          next,
          keep: caller.session,
          address: clientAddress(request.ip),
        })
      await hub.tokens.catchUp()
      return reply.code(204).send()
    },
  },
]
