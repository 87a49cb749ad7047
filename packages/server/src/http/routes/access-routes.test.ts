import { describe, expect, it } from 'vitest'
import { otherPassword as other, rightPassword as password } from '../../../test/access-hub.ts'
import { servedHub } from '../../../test/served-hub.ts'
import { setupPath } from '../../access/setup-links.ts'

describe('the set-up', () => {
  it('logs the first admin in, and says so with the cookie', async () => {
    const { ask, hub } = await servedHub()
    const secret = await hub.links.create({ operator: null })
    const set = await ask('POST', '/v1/setup', {}, { secret, name: 'Anna', password })
    expect(set).toMatchObject({ status: 200, body: { name: 'anna', role: 'admin' } })
    const { cookie = '' } = set
    const session = await ask('GET', '/v1/session', { cookie })
    expect(session.body).toEqual(set.body)
    expect(session.body).toMatchObject({ name: 'anna', role: 'admin' })
    const again = await ask('POST', '/v1/setup', {}, { secret, name: 'bert', password })
    expect(again).toMatchObject({ status: 403, body: { code: 'ERR_AUTH_SETUP_LINK' } })
    expect(again.cookie).toBeUndefined()
  })

  it('refuses a weak password without using the link up', async () => {
    const { ask, hub } = await servedHub()
    const secret = await hub.links.create({ operator: null })
    const weak = await ask('POST', '/v1/setup', {}, { secret, name: 'anna', password: 'short' })
    expect(weak).toMatchObject({ status: 400, body: { code: 'ERR_AUTH_PASSWORD' } })
    expect(JSON.stringify(weak.body)).not.toContain(secret)
    expect((await ask('POST', '/v1/setup', {}, { secret, name: 'anna', password })).status).toBe(200)
  })
})

describe('the session', () => {
  it('begins with the password, changes its id at each login, and ends', async () => {
    const { ask, enter, setUp } = await servedHub()
    const first = await setUp()
    const second = await ask('POST', '/v1/session', first, { name: 'anna', password })
    expect(second).toMatchObject({ status: 200, body: { name: 'anna', role: 'admin' } })
    expect(second.cookie).not.toBe(first.cookie)
    expect((await ask('GET', '/v1/session', first)).status).toBe(401)
    const third = await enter('anna', password)
    expect((await ask('DELETE', '/v1/session', { cookie: third.cookie })).body['code']).toBe('ERR_AUTH_CSRF')
    const out = await ask('DELETE', '/v1/session', third)
    expect([out.status, out.cookie]).toEqual([204, ''])
    expect((await ask('GET', '/v1/session', third)).status).toBe(401)
  })

  it('is refused with a wrong password, and locked with Retry-After', async () => {
    const { ask, setUp } = await servedHub()
    await setUp()
    for (let guess = 0; guess < 5; guess += 1) {
      const wrong = await ask('POST', '/v1/session', {}, { name: 'anna', password: other })
      expect(wrong).toMatchObject({ status: 401, body: { code: 'ERR_AUTH_CREDENTIALS' } })
      expect(wrong.cookie).toBeUndefined()
    }
    const locked = await ask('POST', '/v1/session', {}, { name: 'anna', password })
    expect(locked).toMatchObject({ status: 429, body: { code: 'ERR_AUTH_LOCKED' } })
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(locked.headers['retry-after'])).toBeLessThanOrEqual(60)
  })

  it('ends elsewhere when the password is changed here', async () => {
    const { ask, enter, setUp } = await servedHub()
    const here = await setUp()
    const elsewhere = await enter('anna', password)
    const change = (current: string, next: string) => ask('POST', '/v1/password', here, { current, next })
    expect((await change(other, other)).body['code']).toBe('ERR_AUTH_CREDENTIALS')
    expect((await change(password, 'short')).body['code']).toBe('ERR_AUTH_PASSWORD')
    expect((await change(password, other)).status).toBe(204)
    expect((await ask('GET', '/v1/session', here)).status).toBe(200)
    expect((await ask('GET', '/v1/session', elsewhere)).status).toBe(401)
    expect(await enter('anna', other)).toBeDefined()
  })
})

describe('a login at a command line', () => {
  it('gives a token with the rights of the role, which its owner revokes', async () => {
    const { ask, invite, setUp } = await servedHub()
    await invite(await setUp(), 'bert', 'operator')
    const login = await ask('POST', '/v1/login', {}, { name: 'bert', password, label: 'laptop' })
    expect(login).toMatchObject({ status: 201, body: { scopes: ['operate'] } })
    expect(login.cookie).toBeUndefined()
    const { token, id, expiresAt } = login.body as { token: string; id: string; expiresAt: string }
    const who = await ask('GET', '/v1/whoami', { token })
    expect(who.body).toEqual({ kind: 'token', id, name: 'bert@laptop', scopes: ['operate'], expiresAt })
    expect((await ask('GET', '/v1/tokens', { token })).body['code']).toBe('ERR_AUTH_FORBIDDEN')
    expect((await ask('DELETE', `/v1/tokens/${id}`, { token })).status).toBe(204)
    expect((await ask('GET', '/v1/whoami', { token })).body['code']).toBe('ERR_AUTH_INVALID')
  })

  it.each(['a new role', 'a new password', 'a reset', 'a removal'])('does not outlive %s', async why => {
    const { ask, enter, hub, invite, setUp } = await servedHub()
    const admin = await setUp()
    await invite(admin, 'bert', 'operator')
    const { body } = await ask('POST', '/v1/login', {}, { name: 'bert', password, label: 'laptop' })
    const token = String(body['token'])
    expect((await ask('GET', '/v1/whoami', { token })).status).toBe(200)
    if (why === 'a new role') await ask('PATCH', '/v1/operators/bert', admin, { role: 'viewer' })
    if (why === 'a removal') await ask('DELETE', '/v1/operators/bert', admin)
    if (why === 'a new password')
      await ask('POST', '/v1/password', await enter('bert', password), { current: password, next: other })
    if (why === 'a reset')
      await ask(
        'POST',
        '/v1/setup',
        {},
        {
          secret: await hub.links.create({ operator: 'bert' }),
          name: 'bert',
          password: other,
        },
      )
    expect((await ask('GET', '/v1/whoami', { token })).status).toBe(401)
  })
})

describe('tokens', () => {
  it('are made, listed and revoked by admins', async () => {
    const { ask, setUp } = await servedHub()
    const admin = await setUp()
    const made = await ask('POST', '/v1/tokens', admin, {
      name: 'shop',
      scopes: ['instance:immonow/production'],
    })
    expect(made).toMatchObject({ status: 201, body: { scopes: ['instance:immonow/production'] } })
    const { token, id } = made.body as { token: string; id: string }
    expect((await ask('GET', '/v1/whoami', { token })).body).toMatchObject({ kind: 'token', name: 'shop' })
    const listed = await ask('GET', '/v1/tokens', admin)
    expect(listed.body['tokens']).toMatchObject([
      { id, createdBy: 'anna', login: false, addresses: [{ address: '127.0.0.1' }] },
    ])
    expect(JSON.stringify(listed.body)).not.toContain(token.slice(16))
    expect((await ask('DELETE', `/v1/tokens/${id}`, admin)).status).toBe(204)
    expect((await ask('GET', '/v1/whoami', { token })).status).toBe(401)
    expect((await ask('DELETE', '/v1/tokens/nobody', admin)).body['code']).toBe('ERR_ACCESS_TOKEN_NOT_FOUND')
  })

  it('are refused with scopes that cannot be', async () => {
    const { ask, setUp } = await servedHub()
    const admin = await setUp()
    for (const scopes of [[], ['all'], ['instance:x']])
      expect(await ask('POST', '/v1/tokens', admin, { name: 'shop', scopes })).toMatchObject({
        status: 400,
        body: { code: 'ERR_REQUEST_INVALID' },
      })
  })

  it('are revoked by somebody who is no admin only if they are their own', async () => {
    const { ask, enter, invite, setUp } = await servedHub()
    const admin = await setUp()
    await invite(admin, 'bert', 'operator')
    const bert = await enter('bert', password)
    const [own, others] = [
      await ask('POST', '/v1/login', {}, { name: 'bert', password, label: 'laptop' }),
      await ask('POST', '/v1/login', {}, { name: 'anna', password, label: 'laptop' }),
    ]
    const program = await ask('POST', '/v1/tokens', admin, { name: 'shop', scopes: ['operate'] })
    for (const { body } of [others, program])
      expect((await ask('DELETE', `/v1/tokens/${body['id']}`, bert)).body['code']).toBe('ERR_AUTH_FORBIDDEN')
    const shop = { token: String(program.body['token']) }
    expect((await ask('DELETE', `/v1/tokens/${own.body['id']}`, shop)).status).toBe(403)
    expect((await ask('DELETE', `/v1/tokens/${own.body['id']}`, bert)).status).toBe(204)
  })
})

describe('operators', () => {
  it('are invited with a link, listed, and removed', async () => {
    const { ask, setUp } = await servedHub()
    const admin = await setUp()
    const made = await ask('POST', '/v1/operators', admin, { name: 'Bert', role: 'viewer' })
    expect(made).toMatchObject({ status: 201, body: { name: 'bert', role: 'viewer' } })
    expect(made.body['link']).toMatch(/^\/setup#[\w-]{43}\.bert$/)
    expect((await ask('POST', '/v1/operators', admin, { name: 'bert', role: 'admin' })).status).toBe(409)
    expect((await ask('PATCH', '/v1/operators/bert', admin, { role: 'operator' })).body).toEqual({
      name: 'bert',
      role: 'operator',
    })
    expect((await ask('GET', '/v1/operators', admin)).body['operators']).toMatchObject([
      { name: 'anna', role: 'admin', ready: true, lockedUntil: null },
      { name: 'bert', role: 'operator', ready: false },
    ])
    expect((await ask('DELETE', '/v1/operators/bert', admin)).status).toBe(204)
    expect((await ask('DELETE', '/v1/operators/bert', admin)).body['code']).toBe('ERR_OPERATOR_NOT_FOUND')
    expect((await ask('DELETE', '/v1/operators/anna', admin)).body['code']).toBe('ERR_OPERATOR_LAST_ADMIN')
  })
})

describe('setupPath', () => {
  it('leads to the page of the set-up', async () => {
    const { app } = await servedHub()
    const { statusCode, headers } = await app.inject(
      new URL(setupPath('secret', null), 'http://hub').pathname,
    )
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  })
})
