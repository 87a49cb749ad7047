/** openapi, schemaOf: the description of the API, made from the route table, and the policy of its page. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { version } from '../version.ts'
import { problem } from './problem-schema.ts'
import type { Access, Route } from './route.ts'

/** For @fastify/swagger. */
export const openapi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Keyturn hub',
      version,
      description: 'Rings of JWT signing secrets for a fleet. Errors are problem documents (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'an access token, kt_…' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-keyturn',
          description: 'an operator at the console; everything but GET needs X-Keyturn-CSRF as well',
        },
        proxy: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Keyturn-Token',
          description: 'an access token, kt_…',
        },
      },
    },
  },
  transform: jsonSchemaTransform,
}

/** Nothing from elsewhere, and nothing inline. Swagger UI has its pictures in its style sheet. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const problems = {
  description: 'A problem document',
  content: { 'application/problem+json': { schema: problem } },
}

/** What Fastify checks of a route, and what the description says of it. */
export function schemaOf(route: Route): FastifySchema {
  const { url, access, summary, params, query, body, answers, media } = route
  const shown = Object.entries(answers).map(([status, schema]) => [
    status,
    media === undefined ? schema : { description: summary, content: { [media]: { schema } } },
  ])
  return {
    summary,
    tags: [tagOf(url)],
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: { ...Object.fromEntries(shown), '4xx': problems, '5xx': problems },
    ...(access !== 'public' && { security: securityOf(route) }),
    description: access === 'public' ? 'Needs no login.' : `Needs ${needs[access]}.`,
    hide: url === '/setup.js' || url === '/pages.css',
  } as FastifySchema
}

const needs: Readonly<Record<Exclude<Access, 'public'>, string>> = {
  any: 'a login',
  session: 'an operator with a session',
  instance: 'an access token with instance:RING',
  read: 'the role viewer, or the scope read',
  operate: 'the role operator, or the scope operate',
  admin: 'the role admin, or the scope admin',
}

function securityOf({ url, access }: Route): readonly object[] {
  if (url === '/v1/forward-auth') return [{ proxy: [] }]
  if (access === 'instance') return [{ token: [] }]
  if (access === 'session') return [{ session: [] }]
  return [{ token: [] }, { session: [] }]
}

const tagOf = (url: string): string => (url.startsWith('/v1/') ? (url.split('/')[2] ?? '') : 'hub')
