/** securityHeaders: what every answer of the hub says to a browser. */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Pages that need more say so themselves. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

export async function securityHeaders(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin')
  // The description's own page brings a policy for its styles.
  if (!/^\/docs(?:[/?]|$)/.test(request.url)) reply.header('content-security-policy', contentPolicy)
  if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store')
  if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
}
