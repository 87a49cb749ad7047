/** Every page × whoever may open it. */
import { describe, expect, it } from 'vitest'
import { pageRoutes } from '../src/pages/page-routes.ts'
import type { PageRoute } from '../src/pages/page-route.ts'
import { PageClient, hiddenIn } from './page-client.ts'
import { pathOf, startHub, type Answer, type TestHub } from './running-hub.ts'

const ring = 'immonow/production'
const roles = ['viewer', 'operator', 'admin'] as const

/** What each may open, written down once more: a change of the rules in the sources must change this as well. */
const pages: Readonly<Record<string, readonly (typeof roles)[number][] | 'everybody'>> = {
  'GET /login': 'everybody',
  'POST /login': 'everybody',
  'GET /logout': 'everybody',
  'POST /logout': 'everybody',
  'GET /emergency': ['operator', 'admin'],
  'POST /emergency': ['operator', 'admin'],
  'GET /emergency/:application/:environment/:id': ['viewer', 'operator', 'admin'],
  'GET /emergency/:application/:environment/:id/report': ['viewer', 'operator', 'admin'],
}

const nameOf = ({ method, url }: PageRoute): string => `${method} ${url}`

async function newHub() {
  const hub = await startHub()
  const path = await hub.ring(ring)
  const body = { reason: 'test', confirm: ring }
  const { json } = await hub.expect(202, `POST ${path}/emergency`, { as: await hub.token('operate'), body })
  // Its own end is written down later, and must not look like a change that a page made.
  await hub.hub.rotations.settled()
  return { hub, id: String(json['id']) }
}

/** As a browser would, with the hidden fields of a form that this caller can open. */
async function ask(
  client: PageClient,
  { method, url }: PageRoute,
  id: string,
  csrf?: string,
): Promise<Answer> {
  const path = url.replace(':application/:environment/:id', `${ring}/${id}`)
  if (method === 'GET') return client.get(path === '/emergency' ? `${path}?ring=immonow%2Fproduction` : path)
  const fields = hiddenIn(await client.get(`/emergency?ring=immonow%2Fproduction`))
  const form = { ring, reason: 'test', cause: 'other', confirm: ring, name: 'nobody', password: 'x' }
  return client.post(path, { ...form, ...fields, ...(csrf !== undefined && { csrf }) })
}

const everything = async ({ hub }: TestHub): Promise<string> => {
  const tables = ['rings', 'rotations', 'audit', 'operators', 'sessions', 'tokens'] as const
  const rows = await Promise.all(tables.map(table => hub.database.db.selectFrom(table).selectAll().execute()))
  return JSON.stringify(rows)
}

describe('every page, opened by everybody', () => {
  it('is in the list of this test', () => {
    expect(pageRoutes.map(nameOf).sort()).toEqual(Object.keys(pages).sort())
  })

  it.each(pageRoutes.map(route => [nameOf(route), route] as const))('%s', async (name, route) => {
    const { hub, id } = await newHub()
    const allowed = pages[name] ?? []
    const strangers = [new PageClient(hub), new PageClient(hub).setCookie('__Host-keyturn', 'x'.repeat(43))]
    for (const client of strangers) {
      const before = await everything(hub)
      const answer = await ask(client, route, id)
      if (allowed === 'everybody') expect(answer.status, name).toBeLessThan(404)
      else expect(answer.headers.location, name).toMatch(/^\/login\?returnTo=%2Femergency/)
      expect(await everything(hub)).toBe(before)
    }
    for (const role of roles) {
      const client = await PageClient.of(hub, role)
      const before = await everything(hub)
      if (route.method === 'POST' && route.access !== 'public') {
        const forged = await ask(client, route, id, 'forged')
        expect(forged.status, role).toBe(403)
        expect(forged.text, role).toContain('ERR_AUTH_')
      }
      if (allowed !== 'everybody' && !allowed.includes(role)) {
        const answer = await ask(client, route, id)
        expect(answer.status, role).toBe(403)
        expect(answer.text, role).toContain('needs the role operator')
        expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
        expect(await everything(hub), role).toBe(before)
        continue
      }
      expect((await everything(hub)) === before, role).toBe(true)
      expect([200, 303, ...(name === 'POST /login' ? [401] : [])], role).toContain(
        (await ask(client, route, id)).status,
      )
      await hub.hub.rotations.settled()
    }
  })

  it('with an access token in place of a login leads to the login page', async () => {
    const { hub } = await newHub()
    const { headers } = await hub.token('admin', `instance:${ring}`)
    const answer = await new PageClient(hub).get('/emergency?ring=immonow%2Fproduction', headers)
    expect(answer.headers.location).toBe(
      `/login?returnTo=${encodeURIComponent('/emergency?ring=immonow%2Fproduction')}`,
    )
    expect((await hub.expect(200, `GET ${pathOf(ring)}`, { as: { headers } })).status).toBe(200)
  })
})
