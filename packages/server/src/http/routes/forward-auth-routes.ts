/** The route for proxies: nginx auth_request, Traefik ForwardAuth, Envoy ext_authz. */
import { TokenError } from 'keyturn'
import { z } from 'zod'
import { subjectOf } from '../forward-auth-answer.ts'
import type { Route } from '../route.ts'
import * as schemas from '../schemas.ts'

export const forwardAuthRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/v1/forward-auth',
    access: 'instance',
    summary:
      "Whether the bearer token of a request is accepted; the hub's own token comes in X-Keyturn-Token",
    query: z.object({ ring: schemas.ringName }),
    answers: { 200: schemas.nothing },
    handle: async ({ hub, request, reply, query }) => {
      const { ring } = query as { ring: string }
      const token = bearerOf(request.headers.authorization)
      const { payload, kid } = await hub.forwardAuth.authenticate(ring, token)
      const subject = subjectOf(payload.sub)
      if (subject !== undefined) reply.header('x-auth-subject', subject)
      return reply
        .header('x-auth-kid', kid)
        .header('x-auth-claims', token.split('.', 2)[1])
        .header('cache-control', 'no-store')
        .send()
    },
  },
]

/** RFC 6750 §2.1. */
function bearerOf(header: string | undefined): string {
  const match = /^Bearer +([^\s]+)$/i.exec(header ?? '')
  if (!match?.[1]) throw new TokenError('ERR_TOKEN_MISSING')
  return match[1]
}
