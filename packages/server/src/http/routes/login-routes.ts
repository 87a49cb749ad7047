/** The route of `keyturn login`: name and password for an access token. */
import { z } from 'zod'
import { refuseOtherSites } from '../../access/authenticate.ts'
import { clientAddress } from '../../access/client-address.ts'
import type { Route } from '../route.ts'
import { credentials } from './session-routes.ts'
import { createdToken, shownOnce } from './tokens-routes.ts'

const login = credentials.extend({
  label: z.string().min(1).max(64).describe('where the command line is: a name of the machine'),
})

export const loginRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/login',
    access: 'public',
    summary: 'Log in at a command line: a token with the rights of the role, for 12 hours',
    body: login,
    answers: { 201: createdToken },
    handle: async ({ hub, request, body }) => {
      refuseOtherSites(request)
      const { label, ...credentials } = body as z.infer<typeof login>
      const created = await hub.operators.login(
        { ...credentials, address: clientAddress(request.ip) },
        (connection, operator) => hub.tokens.createLogin(connection, operator, label),
      )
      await hub.tokens.catchUp()
      return shownOnce(created)
    },
  },
]
