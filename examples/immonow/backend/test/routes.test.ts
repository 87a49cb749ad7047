import { createConnection } from 'node:net'
import { describe, expect, it } from 'vitest'

import { fieldsOf, loggedIn, startService, Visitor } from './running-service.ts'

const home = {
  offer: 'sale',
  kind: 'house',
  title: 'Reihenhaus mit Garten',
  description: 'Ein Haus für vier, mit Garten und Garage.\n\nFrei ab sofort.',
  city: 'Görlitz',
  district: 'Rauschwalde',
  postalCode: '02827',
  price: 249000,
  rooms: 5,
  area: 124,
}

describe('/api/listings', () => {
  it('searches, pages and shows one', async () => {
    const { url } = await startService()
    const visitor = new Visitor(url)
    const all = await visitor.send('GET', '/api/listings')
    expect(all.body).toMatchObject({ page: 1, pageSize: 20, total: 200 })
    expect(all.body.items).toHaveLength(20)
    const some = await visitor.send(
      'GET',
      '/api/listings?city=m%C3%BCnchen&maxPrice=2000&rooms=2,5&page=&offer=rent',
    )
    expect(some.body.total).toBeGreaterThan(0)
    for (const item of some.body.items) {
      expect(item.city).toBe('München')
      expect(item.price).toBeLessThanOrEqual(2000)
      expect(item.rooms).toBeGreaterThanOrEqual(2.5)
    }
    const one = await visitor.send('GET', `/api/listings/${all.body.items[0].id}`)
    expect(one.body).toEqual(all.body.items[0])
    for (const id of ['0', '999999', 'x', '1e3', '-1', '9'.repeat(30)]) {
      const answer = await visitor.send('GET', `/api/listings/${id}`)
      expect([answer.status, answer.body.code], id).toEqual([404, 'ERR_LISTING_NOT_FOUND'])
    }
    for (const query of [
      'page=0',
      'page=x',
      'maxPrice=-1',
      'rooms=1.3',
      'city=a&city=b',
      'city=%00',
      'page=1e9',
    ]) {
      const answer = await visitor.send('GET', `/api/listings?${query}`)
      expect([answer.status, answer.body.code], query).toEqual([400, 'ERR_VALIDATION'])
    }
  })

  it('lets an owner create, change and delete, and nobody else', async () => {
    const { url } = await startService()
    const owner = await loggedIn(url, 'Erika')
    const other = await loggedIn(url, 'Max')
    const guest = new Visitor(url)
    const created = await owner.send('POST', '/api/listings', home)
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({ ...home, yearBuilt: null, energyClass: null })
    const path = created.headers.get('location') ?? ''
    expect(path).toBe(`/api/listings/${created.body.id}`)

    const change = { price: 239000, availableFrom: '2027-04-01' }
    expect((await guest.send('PATCH', path, change)).body.code).toBe('ERR_TOKEN_MISSING')
    expect((await other.send('PATCH', path, change)).body).toMatchObject({
      status: 403,
      code: 'ERR_NOT_OWNER',
    })
    expect((await other.send('DELETE', path)).status).toBe(403)
    const changed = await owner.send('PATCH', path, change)
    expect(changed.body).toEqual({ ...created.body, ...change, updatedAt: changed.body.updatedAt })
    expect((await owner.send('PATCH', path, {})).status).toBe(400)
    expect((await owner.send('PATCH', path, { ownerId: 'x' })).status).toBe(400)

    expect((await owner.send('DELETE', path)).status).toBe(204)
    expect((await guest.send('GET', path)).status).toBe(404)
    expect((await owner.send('DELETE', path)).status).toBe(404)
  })

  it('shows an account its own, newest first, and a page at a time', async () => {
    const { url } = await startService()
    const owner = await loggedIn(url, 'Erika')
    const other = await loggedIn(url, 'Max')
    expect((await new Visitor(url).send('GET', '/api/my/listings')).body.code).toBe('ERR_TOKEN_MISSING')
    expect((await owner.send('GET', '/api/my/listings')).body).toEqual({
      items: [],
      page: 1,
      pageSize: 20,
      total: 0,
    })
    const created = []
    for (let count = 0; count < 22; count += 1)
      created.push((await owner.send('POST', '/api/listings', home)).body)
    const first = await owner.send('GET', '/api/my/listings')
    const second = await owner.send('GET', '/api/my/listings?page=2')
    expect([...first.body.items, ...second.body.items]).toEqual(created.reverse())
    expect([first.body.total, second.body.page]).toEqual([22, 2])
    expect((await other.send('GET', '/api/my/listings')).body.total).toBe(0)
    expect((await owner.send('GET', '/api/my/listings?ownerId=x')).status).toBe(400)
  })

  it('names every field that is wrong', async () => {
    const { url } = await startService()
    const owner = await loggedIn(url)
    const wrong = {
      ...home,
      price: 1.5,
      rooms: 2.3,
      postalCode: '1',
      offer: 'gift',
      title: 'a\u0000bcdef',
      area: '9',
    }
    const answer = await owner.send('POST', '/api/listings', wrong)
    expect([answer.status, answer.body.code]).toEqual([400, 'ERR_VALIDATION'])
    expect(fieldsOf(answer)).toEqual(['area', 'offer', 'postalCode', 'price', 'rooms', 'title'])
  })
})

describe('requests that make no sense', () => {
  it('get a problem document each', async () => {
    const { url, app } = await startService()
    const visitor = new Visitor(url)
    const login = { method: 'POST', url: '/api/auth/login' } as const
    const json = { 'content-type': 'application/json' }
    const cases = [
      [await app.inject({ ...login, headers: json, payload: '{' }), 400, 'ERR_BODY_JSON'],
      [await app.inject({ ...login, headers: json, payload: '' }), 400, 'ERR_BODY_JSON'],
      [await app.inject({ ...login, headers: json, payload: '{"__proto__": 1}' }), 400, 'ERR_BODY_JSON'],
      [await app.inject({ ...login, headers: json, payload: '[]' }), 400, 'ERR_VALIDATION'],
      [await app.inject({ ...login, headers: json, payload: 'null' }), 400, 'ERR_VALIDATION'],
      [await app.inject({ ...login }), 400, 'ERR_VALIDATION'],
      [
        await app.inject({ ...login, headers: { 'content-type': 'text/plain' }, payload: '{}' }),
        415,
        'ERR_BODY_TYPE',
      ],
      [
        await app.inject({ ...login, headers: json, payload: JSON.stringify({ x: 'x'.repeat(40_000) }) }),
        413,
        'ERR_BODY_TOO_LARGE',
      ],
      [await app.inject('/api/listings/%E0%A4%A'), 400, 'ERR_REQUEST'],
      [await app.inject(`/api/listings/${'1'.repeat(300)}`), 400, 'ERR_REQUEST'],
      [await app.inject('/wp-login.php'), 404, 'ERR_ROUTE_NOT_FOUND'],
    ] as const
    for (const [response, status, code] of cases) {
      expect([response.statusCode, response.json().code]).toEqual([status, code])
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
      expect(response.json().status).toBe(response.statusCode)
    }
    const big = await visitor.send('GET', '/api/auth/me', undefined, {
      authorization: `Bearer ${'x'.repeat(20_000)}`,
    })
    expect([big.status, big.body.code]).toEqual([431, 'ERR_HEADERS_TOO_LARGE'])
  })

  it('include what is not HTTP at all', async () => {
    const { url } = await startService()
    const { port } = new URL(url)
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = createConnection(Number(port), '127.0.0.1', () =>
        socket.write('\u0016\u0003\u0001 hello\r\n\r\n'),
      )
      socket.setEncoding('utf8').on('data', chunk => (received += String(chunk)))
      socket.on('end', () => resolve(received)).on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'ERR_REQUEST', status: 400 })
  })
})

describe('monitoring', () => {
  it('says that it is alive and ready, and with what', async () => {
    const { url, keyring } = await startService()
    const visitor = new Visitor(url)
    expect((await visitor.send('GET', '/healthz')).body).toEqual({ status: 'ok' })
    const ready = await visitor.send('GET', '/readyz')
    expect([ready.status, ready.body]).toEqual([
      200,
      { status: 'ready', state: 'fresh', ring: keyring.ring, generation: keyring.generation },
    ])
  })

  it('is not ready when the database does not answer, and still alive', async () => {
    const { url, database } = await startService()
    database.close()
    const visitor = new Visitor(url)
    const answer = await visitor.send('GET', '/readyz')
    expect([answer.status, answer.body.code]).toEqual([503, 'ERR_NOT_READY'])
    expect((await visitor.send('GET', '/healthz')).status).toBe(200)
  })

  it('counts tokens by key and refusals by reason', async () => {
    const { url, keyring } = await startService()
    const visitor = await loggedIn(url)
    await visitor.me()
    await visitor.me()
    await visitor.logIn('Erika', 'falsch!!')
    visitor.accessToken = 'a.b.c'
    await visitor.me()
    const { body, headers } = await visitor.send('GET', '/metrics')
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = String(body).split('\n')
    expect(lines).toContain(`keyturn_tokens_verified_total{kid="${keyring.activeKid}"} 2`)
    expect(lines).toContain('keyturn_logins_total{result="succeeded"} 1')
    expect(lines).toContain('keyturn_logins_total{result="failed"} 1')
    expect(lines).toContain(`keyturn_ring_generation ${keyring.generation}`)
    expect(body).toMatch(/^keyturn_tokens_rejected_total\{reason="ERR_TOKEN_\w+"\} 1$/m)
    for (const line of lines.filter(line => line !== '')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.]+)$/,
      )
    }
  })
})
