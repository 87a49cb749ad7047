/** addressOf: path and query of a request. */
import type { FastifyRequest } from 'fastify'

/** The query begins at the first question mark: one within it belongs to a field. */
export function addressOf({ url }: Pick<FastifyRequest, 'url'>): {
  readonly path: string
  readonly query: URLSearchParams
} {
  const [path = '', ...rest] = url.split('?')
  return { path, query: new URLSearchParams(rest.join('?')) }
}
