/** Every route × whoever may call it, generated from the route table. */
import { describe, expect, it } from 'vitest'
import { allows } from '../src/access/scopes.ts'
import type { Principal } from '../src/access/principal.ts'
import { createApp } from '../src/http/app.ts'
import type { Access, Route } from '../src/http/route.ts'
import { routes } from '../src/http/routes.ts'
import { pageRoutes } from '../src/pages/page-routes.ts'
import {
  callers,
  isForwardAuth,
  known,
  matrixRing,
  nameOf,
  rights,
  roles,
  scopes,
  type Caller,
} from './matrix-callers.ts'
import { startHub, temporaryData, type Answer, type Credentials, type TestHub } from './running-hub.ts'
import { sampledRoutes, sampleRequest, type Subject } from './sample-requests.ts'

const ring = matrixRing

/** Refusals for want of rights; other routes answer 401 and 403 for other reasons. */
const refusals = ['ERR_AUTH_REQUIRED', 'ERR_AUTH_INVALID', 'ERR_AUTH_FORBIDDEN', 'ERR_AUTH_CSRF']

/** As a proxy sends it. */
const forwarded = ({ headers }: Credentials): Credentials => {
  const { authorization, ...rest } = headers
  const token = authorization?.replace(/^\w+ /, '')
  return { headers: { ...rest, ...(token !== undefined && { 'x-keyturn-token': token }) } }
}

/** Everything but what goes on by itself, and sessions: each caller has a fresh one. */
async function everything({ hub }: TestHub): Promise<string> {
  const { db } = hub.database
  const tables = ['rings', 'audit', 'leases', 'rotations', 'operators', 'links', 'tokens', 'events'] as const
  const more = ['series', 'idempotency', 'meta'] as const
  const all = [...tables, ...more].map(table => db.selectFrom(table).selectAll().execute())
  return JSON.stringify(await Promise.all(all))
}

/** What describes the routes, and is none of them. */
const isDescription = (line: string): boolean => /\/docs|\/openapi\.json/.test(line)
/** The file that stands for the console where it is not built. */
const consoleLines = ['GET /', 'HEAD /']

describe('the route table', () => {
  it('has every route of the server, and each says what it is', async () => {
    const hub = await startHub()
    const app = await createApp({ hub: hub.hub, logger: false, consoleFolder: temporaryData() })
    await app.ready()
    const found: string[] = []
    const stack: string[] = []
    for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
      const [, indent = '', piece = '', methods = ''] = /^([│ ]*)[├└]── (\S+) \((.*)\)$/.exec(line) ?? []
      if (piece === '') continue
      stack.length = indent.length / 4
      stack.push(piece)
      for (const method of methods.split(', ')) found.push(`${method} ${stack.join('')}`)
    }
    await app.close()
    const expected = routes.flatMap(route => {
      const hasHead = route.method === 'GET' && route.media !== 'text/event-stream'
      return [nameOf(route), ...(hasHead ? [`HEAD ${route.url}`] : [])]
    })
    const pages = pageRoutes.flatMap(({ method, url }) =>
      method === 'GET' ? [`GET ${url}`, `HEAD ${url}`] : [`${method} ${url}`],
    )
    expect(found.filter(line => !isDescription(line)).sort()).toEqual(
      [...expected, ...pages, ...consoleLines].sort(),
    )
    expect(found.filter(isDescription).every(line => /^(GET|HEAD) /.test(line))).toBe(true)
    for (const route of routes) {
      expect(route.summary.length, nameOf(route)).toBeGreaterThan(5)
      expect(Object.keys(route.answers).length, nameOf(route)).toBeGreaterThan(0)
    }
    expect(new Set(routes.map(nameOf)).size).toBe(routes.length)
  })

  it('has a sample of each route, and no other', () => {
    expect([...sampledRoutes].sort()).toEqual(routes.map(nameOf).sort())
  })

  it('gives the rights that are written down here', () => {
    const levels: readonly Access[] = ['any', 'session', 'instance', 'read', 'operate', 'admin']
    const common = { name: 'anna', expiresAt: 0 }
    for (const [who, allowed] of Object.entries(rights)) {
      const role = roles.find(each => each === who)
      const principal = (
        role
          ? { ...common, kind: 'operator', role, session: '' }
          : { ...common, kind: 'token', id: '1', scopes: [who.replace('scope ', '')] }
      ) as Principal
      expect(
        levels.filter(level => allows(principal, level, ring)),
        who,
      ).toEqual(allowed)
    }
  })
})

describe('every route, asked by everybody', () => {
  it('lets in who may, refuses the others with the right code, and changes nothing for them', async () => {
    const hub = await startHub()
    await hub.ring('immonow/staging')
    await hub.ring(ring)
    for (const role of roles) await hub.session(role)
    const all = await known(hub)
    for (const route of routes) {
      const kid = (await hub.document(ring)).keys[0]?.kid ?? ''
      const subject = { ring, kid, tokenId: 'none00000000', operator: 'nobody' }
      const before = await everything(hub)
      for (const caller of callers) {
        const code = caller.refusal(route)
        if (code === undefined) continue
        const message = `${nameOf(route)} by ${caller.name}`
        const credentials = await caller.credentials(hub, all)
        const answer = await ask(hub, route, credentials, subject)
        expect(answer.json['code'], message).toBe(code)
        const isUnknown = code === 'ERR_AUTH_REQUIRED' || code === 'ERR_AUTH_INVALID'
        expect(answer.status, message).toBe(isUnknown ? 401 : 403)
        expect(answer.headers['www-authenticate'], message).toBe(isUnknown ? 'Bearer' : undefined)
        expect(answer.headers['content-type'], message).toBe('application/problem+json; charset=utf-8')
        if (route.method === 'GET' && route.media !== 'text/event-stream')
          expect((await ask(hub, route, credentials, subject, 'HEAD')).status, message).toBe(answer.status)
      }
      expect(await everything(hub), `${nameOf(route)} changed something for whom it refused`).toBe(before)
      for (const caller of callers) {
        if (caller.refusal(route) !== undefined) continue
        const [credentials, of] = await own(hub, route, caller, await caller.credentials(hub, all), subject)
        const answer = await ask(hub, route, credentials, of)
        const message = `${nameOf(route)} by ${caller.name}: ${answer.status} ${answer.text}`
        expect(refusals, message).not.toContain(answer.json['code'])
        // Without a set-up link nobody has a password here: everything else that is let in is also right.
        expect([...refusedOtherwise, ...Object.keys(route.answers).map(Number)], message).toContain(
          answer.status,
        )
      }
      await hub.hub.rotations.settled()
    }
  })

  it('does not end a session without the CSRF token', async () => {
    const hub = await startHub()
    const as = await hub.session('viewer')
    await hub.refused('ERR_AUTH_CSRF', 'DELETE /v1/session', { as: as.withoutCsrf })
    await hub.refused('ERR_AUTH_CSRF', 'DELETE /v1/session', { as: (await crossed(hub)).as })
    await hub.expect(200, 'GET /v1/session', { as })
    await hub.expect(204, 'DELETE /v1/session', { as })
    await hub.refused('ERR_AUTH_INVALID', 'GET /v1/session', { as })
  })

  it('lets everybody revoke their own tokens, and admins any', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    for (const as of [
      await hub.token('operate'),
      await hub.token(`instance:${ring}`),
      await hub.session('operator'),
    ]) {
      const other = await hub.token('read')
      const refused = await hub.refused('ERR_AUTH_FORBIDDEN', `DELETE /v1/tokens/${other.id}`, { as })
      expect(refused.status).toBe(403)
      await hub.expect(200, 'GET /v1/whoami', { as: other })
    }
    const own = await hub.token('read')
    await hub.expect(204, `DELETE /v1/tokens/${own.id}`, { as: own })
    await hub.refused('ERR_AUTH_INVALID', 'GET /v1/whoami', { as: own })
    for (const as of [await hub.token('admin'), await hub.session('admin')]) {
      const other = await hub.token(`instance:${ring}`)
      await hub.expect(204, `DELETE /v1/tokens/${other.id}`, { as })
      await hub.refused('ERR_AUTH_INVALID', 'GET /v1/whoami', { as: other })
    }
  })

  it('counts the ring of the path, whatever the query says', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const as = await hub.token('instance:immonow/staging')
    const query = `?ring=${encodeURIComponent('immonow/staging')}`
    await hub.refused('ERR_AUTH_FORBIDDEN', `GET /v1/rings/immonow%2Fproduction/keyring${query}`, { as })
    const twice = `/v1/forward-auth?ring=immonow%2Fstaging&ring=immonow%2Fproduction`
    await hub.refused('ERR_AUTH_FORBIDDEN', `GET ${twice}`, { headers: { 'x-keyturn-token': as.text } })
  })
})

/** No login, no link, no user's token, or no such thing: nobody was refused for want of rights. */
const refusedOtherwise = [401, 403, 404, 409, 429]

function ask(
  hub: TestHub,
  route: Route,
  credentials: Credentials,
  subject: Subject,
  method?: string,
): Promise<Answer> {
  const { what, headers, ...sample } = sampleRequest(nameOf(route), subject)
  const as = isForwardAuth(route) ? forwarded(credentials) : credentials
  return hub.call(method === undefined ? what : what.replace(/^\w+/, method), { as, ...headers, ...sample })
}

/** Everybody may revoke a token of their own: then it is one made for this. */
async function own(
  hub: TestHub,
  route: Route,
  caller: Caller,
  credentials: Credentials,
  subject: Subject,
): Promise<readonly [Credentials, Subject]> {
  if (nameOf(route) !== 'DELETE /v1/tokens/:id') return [credentials, subject]
  const scope = scopes.find(each => caller.name === `a token with ${each}`)
  if (scope !== undefined) {
    const token = await hub.token(scope)
    return [token, { ...subject, tokenId: token.id }]
  }
  const { tokens, database } = hub.hub
  const operator = { name: `${caller.name}.anna`, role: 'viewer' } as const
  const login = await database.db
    .transaction()
    .execute(connection => tokens.createLogin(connection, operator, 'a machine'))
  await tokens.refresh()
  return [credentials, { ...subject, tokenId: login.id }]
}

/** The cookie of one session with the CSRF token of another. */
async function crossed(hub: TestHub): Promise<{ readonly as: Credentials }> {
  const [one, other] = [await hub.session('viewer'), await hub.session('admin')]
  return { as: { headers: { ...other.headers, ...one.withoutCsrf.headers } } }
}
