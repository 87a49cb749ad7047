/** Logging in and out with plain forms. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../src/http/app.ts'
import { rightPassword, wrongPassword } from './access-hub.ts'
import { PageClient, hiddenIn } from './page-client.ts'
import { startHub, type TestHub } from './running-hub.ts'

async function newHub() {
  const hub = await startHub()
  const secret = await hub.hub.links.create({ operator: null })
  await hub.expect(200, 'POST /v1/setup', { body: { secret, name: 'anna', password: rightPassword } })
  return { hub, client: new PageClient(hub) }
}

const login = (client: PageClient, fields: object = {}, headers = {}) =>
  client.post('/login', { name: 'anna', password: rightPassword, returnTo: '/', ...fields }, headers)

const sessions = async ({ hub }: TestHub): Promise<number> =>
  (await hub.database.db.selectFrom('sessions').select('hash').execute()).length

describe('/login', () => {
  it('is a form that leads back to where somebody came from', async () => {
    const { client } = await newHub()
    const page = await client.get('/login?returnTo=%2Femergency%3Fring%3Da%252Fb')
    expect(page.status).toBe(200)
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-language': 'en',
      'referrer-policy': 'same-origin',
    })
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).not.toContain('script-src')
    const { returnTo } = hiddenIn(page)
    expect(returnTo).toBe('/emergency?ring=a%2Fb')
    const answer = await login(client, { returnTo })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/emergency?ring=a%2Fb')
    const [cookie = ''] = answer.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^__Host-keyturn=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    const again = await client.get('/login?returnTo=/rings')
    expect([again.status, again.headers.location]).toEqual([303, '/rings'])
  })

  it.each(['//elsewhere.example', '/\\elsewhere.example', 'https://elsewhere.example', '/a\r\nx: y'])(
    'does not lead to %j',
    async returnTo => {
      const { client } = await newHub()
      const page = await client.get(`/login?returnTo=${encodeURIComponent(returnTo)}`)
      expect(hiddenIn(page)['returnTo']).toBe('/')
      expect((await login(client, { returnTo })).headers.location).toBe('/')
      const sent = await client.get(`/login?returnTo=${encodeURIComponent(returnTo)}`)
      expect(sent.headers.location).toBe('/')
    },
  )

  it('says what is wrong, keeps the name, and never the password', async () => {
    const { hub, client } = await newHub()
    const before = await sessions(hub)
    const planted = '"><img src=x onerror=alert(1)>'
    for (const [fields, status] of [
      [{ password: wrongPassword }, 401],
      [{ name: planted }, 401],
      [{ name: '' }, 400],
      [{ password: '' }, 400],
    ] as const) {
      const page = await login(client, fields)
      expect(page.status).toBe(status)
      expect(page.text).toContain('role="alert"')
      expect(page.text).toContain('aria-invalid="true"')
      expect(page.text).toMatch(/<title>Error: /)
      for (const secret of [rightPassword, wrongPassword, '<img']) expect(page.text).not.toContain(secret)
      expect(page.headers['set-cookie']).toBeUndefined()
    }
    expect((await login(client, { password: wrongPassword })).text).toContain('value="anna"')
    expect(await sessions(hub)).toBe(before)
  })

  it('knows no name with a control character, which not every database could look for', async () => {
    const { hub, client } = await newHub()
    expect((await login(client, { name: 'an\0na' })).status).toBe(400)
    const body = { name: 'an\0na', password: rightPassword }
    await hub.refused('ERR_REQUEST_INVALID', 'POST /v1/session', { body })
  })

  it('says when to try again after too many failures', async () => {
    const { client } = await newHub()
    let page = await login(client, { password: wrongPassword })
    for (let tries = 0; tries < 10 && page.status === 401; tries += 1)
      page = await login(client, { password: wrongPassword })
    expect(page.status).toBe(429)
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0)
    expect(page.text).toMatch(/Try again in \d+ minute/)
    expect((await login(client)).status).toBe(429)
  })

  it('is nothing that the page of another site can send', async () => {
    const { hub, client } = await newHub()
    const before = await sessions(hub)
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
    ]) {
      const page = await login(client, {}, headers)
      expect(page.status).toBe(403)
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    }
    expect(await sessions(hub)).toBe(before)
    expect((await login(client, {}, { origin: hub.url })).status).toBe(303)
  })

  it('takes forms alone, and the API takes none', async () => {
    const { hub, client } = await newHub()
    const fields = { name: 'anna', password: rightPassword }
    const body = JSON.stringify(fields)
    const json = await client.post('/login', {}, { 'content-type': 'application/json' })
    expect(json.status).toBe(400)
    expect((await hub.call('POST /login', { body })).status).toBe(400)
    const form = await client.post('/v1/session', fields)
    expect(form.json['code']).toBe('ERR_REQUEST_INVALID')
  })
})

describe('/logout', () => {
  it('ends the session, and not for the page of another site', async () => {
    const { hub } = await newHub()
    const client = await PageClient.of(hub, 'viewer')
    const name = '__Host-keyturn'
    const cookie = client.cookie(name) ?? ''
    const forged = await client.post('/logout', { csrf: 'wrong' })
    expect(forged.status).toBe(403)
    expect(client.cookie(name)).toBe(cookie)
    const [again] = /\/logout(?=")/.exec(forged.text) ?? ['']
    expect((await client.get(again)).headers.location).toBe('/')
    client.setCookie('keyturn_lang', 'en')
    const page = await client.get('/emergency')
    const csrf = /name="csrf"\s+value="([^"]+)"/.exec(page.text)?.[1]
    const answer = await client.post('/logout', { csrf })
    expect([answer.status, answer.headers.location]).toEqual([303, '/login'])
    expect(client.cookie(name)).toBeUndefined()
    await hub.refused('ERR_AUTH_INVALID', 'GET /v1/session', {
      headers: { cookie: `${name}=${cookie}` },
    })
    expect((await client.post('/logout', {})).headers.location).toBe('/login')
  })
})

describe('a page', () => {
  it('of a hub that stops says that it is away', async () => {
    const { hub } = await startHub()
    const app = await createApp({ hub, logger: false })
    onTestFinished(() => app.close())
    await hub.stop()
    const { statusCode, headers, body } = await app.inject({ method: 'GET', url: '/login' })
    expect([statusCode, headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
    expect(body).toContain('ERR_STORE_UNREACHABLE')
  })

  it('in another language keeps a question mark within a field', async () => {
    const { client } = await newHub()
    const page = await client.get('/login?returnTo=/rings/a/b/audit?mode=hard')
    expect(hiddenIn(page)['returnTo']).toBe('/rings/a/b/audit?mode=hard')
    const switched = /href="([^"]*lang=de)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const { location } = (await client.get(switched)).headers
    expect(hiddenIn(await client.get(location ?? ''))['returnTo']).toBe('/rings/a/b/audit?mode=hard')
    const typed = (await client.get('/login?returnTo=/a?x=1&lang=de')).headers.location
    expect(typed).toBe('/login?returnTo=%2Fa%3Fx%3D1')
  })

  it.each([
    ['de-AT,en;q=0.5', 'de'],
    ['fr,en;q=0.4,de;q=0.8', 'de'],
    ['en-GB', 'en'],
    ['fr', 'en'],
    ['de;q=0', 'en'],
    ['', 'en'],
  ])('asked for with %j is in %s', async (asked, language) => {
    const { client } = await newHub()
    const page = await client.get('/login', { 'accept-language': asked })
    expect(page.text).toContain(`<html lang="${language}"`)
    expect(page.text).toContain(language === 'de' ? 'Anmelden</h1>' : 'Log in</h1>')
  })

  it('is in the language and the theme that was chosen', async () => {
    const { client } = await newHub()
    const switched = await client.get('/login?returnTo=%2Frings&lang=de')
    expect([switched.status, switched.headers.location]).toEqual([303, '/login?returnTo=%2Frings'])
    expect(switched.headers['set-cookie']).toEqual([
      'keyturn_lang=de; Max-Age=31536000; Path=/; SameSite=Lax',
    ])
    const page = await client.get('/login')
    expect(page.text).toContain('<html lang="de"')
    expect(page.text).not.toContain('data-theme')
    expect((await client.setCookie('keyturn_theme', 'dark').get('/login')).text).toContain(
      'data-theme="dark"',
    )
    const odd = await client.setCookie('keyturn_theme', 'x"y').setCookie('keyturn_lang', 'fr').get('/login')
    expect(odd.text).not.toContain('data-theme')
    expect(odd.text).toContain('<html lang="en"')
  })
})
