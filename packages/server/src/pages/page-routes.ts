/** pageRoutes, addPages: the pages that the hub renders itself. They work without JavaScript. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { operatorIn, refuseForged } from '../access/authenticate.ts'
import { assertAllowed } from '../access/scopes.ts'
import { sessionIdOf } from '../access/session-cookie.ts'
import { csrfOf, type Session } from '../access/sessions.ts'
import type { Hub } from '../hub.ts'
import { appearanceOf, asLanguage, setLanguage } from './appearance.ts'
import { coursePages } from './course-pages.ts'
import { emergencyPages } from './emergency-pages.ts'
import { loginPages } from './login-pages.ts'
import { errorPage } from './page-error.ts'
import { addressOf } from './page-address.ts'
import { pageText } from './page-layout.ts'
import { pagePolicy, type Page, type PageCall, type PageRoute, type Redirect } from './page-route.ts'

/** Every page: the matrix of roles is made from it. */
export const pageRoutes: readonly PageRoute[] = [...loginPages, ...emergencyPages, ...coursePages]

/** Forms are read here alone: the API takes JSON, which no form of another site can send. */
export async function addPages(app: FastifyInstance, hub: Hub): Promise<void> {
  await app.register(async pages => {
    pages.removeAllContentTypeParsers()
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      async (_: FastifyRequest, body: string) => new URLSearchParams(body),
    )
    pages.setErrorHandler((error, request, reply) => {
      const call = callOf(hub, request, reply)
      return answer(call, errorPage(call, error))
    })
    for (const route of pageRoutes) add(pages, hub, route)
  })
}

function add(pages: FastifyInstance, hub: Hub, route: PageRoute): void {
  const { method, url } = route
  pages.route({
    method,
    url,
    schema: { hide: true },
    handler: async (request, reply) => {
      const visitor = callOf(hub, request, reply)
      const language = method === 'GET' ? asLanguage(visitor.query.get('lang')) : undefined
      if (language !== undefined) {
        setLanguage(reply, language)
        return answer(visitor, { location: withoutLanguage(request) })
      }
      const id = sessionIdOf(request) ?? ''
      const session = id === '' ? undefined : await hub.sessions.find(id, { slide: !route.isIdle })
      const call = session ? { ...visitor, principal: operatorIn(session), csrf: csrfOf(id) } : visitor
      return answer(call, await endingOf(call, route, session).catch(error => errorPage(call, error)))
    },
  })
}

async function endingOf(
  call: PageCall,
  route: PageRoute,
  session: Session | undefined,
): Promise<Page | Redirect> {
  const { access } = route
  if (access === 'public') return route.handle(call)
  if (!session) return { location: loginFor(call, route) }
  assertAllowed(call.principal, access)
  if (call.request.method === 'POST') refuseForged(call.request, session, call.form.get('csrf'))
  return route.handle(call)
}

function callOf(hub: Hub, request: FastifyRequest, reply: FastifyReply): PageCall {
  const { body, params } = request
  return {
    hub,
    request,
    reply,
    csrf: '',
    ...appearanceOf(request),
    params: (params ?? {}) as Record<string, string>,
    query: addressOf(request).query,
    form: body instanceof URLSearchParams ? body : new URLSearchParams(),
  }
}

function loginFor({ request, form }: PageCall, { again }: PageRoute): string {
  const back = again && request.method === 'POST' ? again(form) : request.url
  return `/login?returnTo=${encodeURIComponent(back)}`
}

function withoutLanguage(request: FastifyRequest): string {
  const { path, query } = addressOf(request)
  query.delete('lang')
  return query.size === 0 ? path : `${path}?${query.toString()}`
}

function answer(call: PageCall, ending: Page | Redirect): FastifyReply {
  const { reply } = call
  void reply
    .header('content-security-policy', pagePolicy)
    .header('cache-control', 'no-store')
    // With no-referrer a browser would send the forms of these pages with the origin `null`.
    .header('referrer-policy', 'same-origin')
    .header('vary', 'accept-language, cookie')
  if ('location' in ending) return reply.code(303).header('location', ending.location).send()
  const { status = 200, refresh, retryAfter } = ending
  if (refresh !== undefined) reply.header('refresh', String(refresh))
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-language', call.language)
    .send(pageText(call, ending))
}
