import { describe, expect, it } from 'vitest'

import { fieldsOf, loggedIn, startService, Visitor } from './running-service.ts'

describe('POST /api/auth/register', () => {
  it('makes an account, once for each address', async () => {
    const { url } = await startService()
    const visitor = new Visitor(url)
    const first = await visitor.register('Erika')
    expect(first.status).toBe(201)
    expect(first.body).toEqual({
      user: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        email: 'erika@example.org',
        name: 'Erika',
        role: 'member',
        createdAt: expect.stringMatching(/Z$/),
      },
    })
    const again = await visitor.register('ERIKA')
    expect([again.status, again.body.code]).toEqual([409, 'ERR_EMAIL_TAKEN'])
  })

  it('answers 400 with every field that is not valid, and never repeats a value', async () => {
    const { url } = await startService()
    const secret = 'kurz'
    const answer = await new Visitor(url).send('POST', '/api/auth/register', {
      email: 'nobody',
      password: secret,
      name: ' ',
      role: 'agency',
    })
    expect([answer.status, answer.body.code]).toEqual([400, 'ERR_VALIDATION'])
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(fieldsOf(answer)).toEqual(['', 'email', 'name', 'password'])
    expect(JSON.stringify(answer.body)).not.toContain(secret)
  })
})

describe('POST /api/auth/login', () => {
  it('answers with a token that works and a cookie that scripts cannot read', async () => {
    const { url, keyring } = await startService()
    const visitor = new Visitor(url)
    await visitor.register()
    const answer = await visitor.logIn()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ expiresIn: 900, user: { email: 'erika@example.org' } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const cookie = answer.headers.getSetCookie()[0]
    expect(cookie).toMatch(
      /^immonow_refresh=[\w.-]+; Max-Age=1209\d{3}; Path=\/api\/auth; HttpOnly; SameSite=Lax$/,
    )
    // For scripts, to know that there is a session: it opens nothing.
    expect(answer.headers.getSetCookie()[1]).toMatch(
      /^immonow_session=1; Max-Age=1209\d{3}; Path=\/; SameSite=Lax$/,
    )
    const { payload } = keyring.verify(answer.body.accessToken)
    expect(payload).toMatchObject({ sub: answer.body.user.id, role: 'member' })
    expect(payload.exp! - payload.iat!).toBe(900)
    const me = await visitor.me()
    expect([me.status, me.body]).toEqual([200, { user: answer.body.user }])
  })

  it('marks the cookie Secure unless the visitor uses a name of this machine', async () => {
    const { app } = await startService()
    const logIn = async (host: string): Promise<string> => {
      const body = {
        email: `${host}@example.org`.replace(/[:[\]]/g, ''),
        password: 'Grüne Wiese 7',
        name: 'x',
      }
      await app.inject({ method: 'POST', url: '/api/auth/register', payload: body })
      const { name: _, ...payload } = body
      const answer = await app.inject({ method: 'POST', url: '/api/auth/login', headers: { host }, payload })
      return String(answer.headers['set-cookie'])
    }
    expect(await logIn('immonow.example')).toContain('; Secure')
    expect(await logIn('localhost:3000')).not.toContain('Secure')
    expect(await logIn('[::1]:3000')).not.toContain('Secure')
  })

  it('believes a proxy that it was told to trust, about https and about the address', async () => {
    const { app } = await startService({ settings: { trustProxy: '127.0.0.1' } })
    const send = (email: string, password: string, from: string) =>
      app.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { host: 'localhost', 'x-forwarded-proto': 'https', 'x-forwarded-for': from },
        payload: { email, password },
      })
    const account = { email: 'erika@example.org', password: 'Grüne Wiese 7', name: 'Erika' }
    await app.inject({ method: 'POST', url: '/api/auth/register', payload: account })
    for (let index = 0; index < 100; index++) await send(`u${index}@example.org`, 'falsch!!', '192.0.2.1')
    expect((await send(account.email, account.password, '192.0.2.1')).statusCode).toBe(429)
    const elsewhere = await send(account.email, account.password, '192.0.2.2')
    expect(elsewhere.statusCode).toBe(200)
    expect(String(elsewhere.headers['set-cookie'])).toContain('; Secure')
  })

  it('gives the same answer for an unknown address and for a wrong password', async () => {
    const { url, keyring } = await startService()
    const visitor = new Visitor(url)
    await visitor.register()
    const wrong = await visitor.logIn('Erika', 'Graue Wiese 7')
    const unknown = await visitor.logIn('Niemand', 'Graue Wiese 7')
    const agency = await visitor.send('POST', '/api/auth/login', {
      email: 'vermittlung@immonow.example',
      password: 'Graue Wiese 7',
    })
    expect(wrong.status).toBe(401)
    expect(wrong.body.code).toBe('ERR_LOGIN_FAILED')
    for (const answer of [unknown, agency]) expect([answer.status, answer.body]).toEqual([401, wrong.body])
    expect(keyring.counters()).toMatchObject({ loginsSucceeded: 0, loginsFailed: 3 })
  })

  it('refuses an account after ten failures with 429, and counts no successes', async () => {
    const { url, time } = await startService()
    const visitor = new Visitor(url)
    await visitor.register()
    await visitor.register('Max')
    for (let index = 0; index < 12; index++) expect((await visitor.logIn()).status).toBe(200)
    for (let index = 0; index < 10; index++)
      expect((await visitor.logIn('Erika', 'falsch!!')).status).toBe(401)
    const refused = await visitor.logIn()
    expect([refused.status, refused.body.code]).toEqual([429, 'ERR_LOGIN_LIMIT'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
    expect((await visitor.logIn('Max')).status).toBe(200)
    time.offset = 15 * 60_000
    expect((await visitor.logIn()).status).toBe(200)
  })

  it('keeps to the limit when the guesses come all at once', async () => {
    const { url } = await startService()
    const visitor = new Visitor(url)
    await visitor.register()
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, index) => visitor.logIn('Erika', `falsch-${index}`)),
    )
    const tried = guesses.filter(guess => guess.status === 401)
    expect(tried.length).toBeGreaterThanOrEqual(10)
    // As many as can be checked at the same time may get past the tenth.
    expect(tried.length).toBeLessThanOrEqual(10 + 3)
    expect(guesses.filter(guess => guess.status === 429)).toHaveLength(40 - tried.length)
  })
})

describe('POST /api/auth/refresh', () => {
  it('replaces the cookie and gives a new access token', async () => {
    const { url } = await startService()
    const visitor = await loggedIn(url)
    const before = visitor.cookie
    const answer = await visitor.refresh()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ expiresIn: 900, user: { name: 'Erika' } })
    expect(visitor.cookie).not.toBe(before)
    expect((await visitor.me()).status).toBe(200)
    expect((await visitor.refresh()).status).toBe(200)
  })

  it('serves two tabs that refresh at once, and both stay logged in', async () => {
    const { url } = await startService()
    const visitor = await loggedIn(url)
    const answers = await Promise.all([1, 2, 3, 4].map(() => visitor.refresh()))
    expect(answers.map(answer => answer.status)).toEqual([200, 200, 200, 200])
    const cookies = answers.map(answer => answer.headers.getSetCookie()[0]?.split(';')[0])
    expect(new Set(cookies).size).toBe(1)
    expect((await visitor.refresh()).status).toBe(200)
  })

  it('ends the session when a replaced cookie comes back', async () => {
    const { url } = await startService()
    const visitor = await loggedIn(url)
    const stolen = visitor.cookie
    await visitor.refresh()
    await visitor.refresh()
    const thief = new Visitor(url)
    thief.cookie = stolen
    const answer = await thief.refresh()
    expect([answer.status, answer.body.code, answer.body.reason]).toEqual([
      401,
      'ERR_SESSION_REUSED',
      'security',
    ])
    const after = await visitor.refresh()
    expect([after.status, after.body.code, visitor.cookie]).toEqual([401, 'ERR_SESSION_UNKNOWN', undefined])
  })

  it('answers 401 without a cookie and for one that means nothing', async () => {
    const { url } = await startService()
    const visitor = new Visitor(url)
    expect((await visitor.refresh()).body.code).toBe('ERR_SESSION_MISSING')
    for (const text of ['x', '%', '..', 'a.b', '0'.repeat(3000), '%00', '"']) {
      visitor.cookie = `immonow_refresh=${text}`
      const answer = await visitor.refresh()
      expect([answer.status, answer.body.code], text).toEqual([401, 'ERR_SESSION_UNKNOWN'])
    }
  })
})

describe('POST /api/auth/logout', () => {
  it('ends the session and clears the cookie, as often as one likes', async () => {
    const { url } = await startService()
    const visitor = await loggedIn(url)
    const cookie = visitor.cookie
    expect((await visitor.send('POST', '/api/auth/logout')).status).toBe(204)
    expect(visitor.cookie).toBeUndefined()
    visitor.cookie = cookie
    expect((await visitor.refresh()).body.code).toBe('ERR_SESSION_UNKNOWN')
    expect((await visitor.send('POST', '/api/auth/logout')).status).toBe(204)
  })
})
