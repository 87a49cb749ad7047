import { generateSecret, Secret } from 'keyturn'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { databaseKinds, temporaryDatabase } from '../../../test/temporary-database.ts'
import { digestOf } from '../../access/opaque-secret.ts'
import { setupPath } from '../../access/setup-links.ts'
import type { Database } from '../../database/open-database.ts'
import { Hub } from '../../hub.ts'
import { Sealer } from '../../sealing/sealer.ts'
import { createApp } from '../app.ts'

const password = 'grau-Lampe-7-Birne'
const other = 'blau-Tasche-3-Wolke'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
/** With what somebody asks. */
interface Caller {
  readonly cookie?: string
  readonly csrf?: string
  readonly token?: string
}

/** A hub on an empty database, and how to ask it. */
async function served(kind: Database['kind'] = 'sqlite') {
  const database = await temporaryDatabase(kind)
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const hub = new Hub(database, new Sealer([new Secret(generateSecret())]), log)
  const app = await createApp({ hub, logger: false })
  onTestFinished(() => app.close())
  const ask = async (method: Method, url: string, caller: Caller = {}, body?: object) => {
    const response = await app.inject({
      method,
      url,
      headers: {
        ...(caller.cookie !== undefined && { cookie: `__Host-keyturn=${caller.cookie}` }),
        ...(caller.csrf !== undefined && { 'x-keyturn-csrf': caller.csrf }),
        ...(caller.token !== undefined && { authorization: `Bearer ${caller.token}` }),
      },
      ...(body && { payload: body }),
    })
    const cookie = response.cookies.find(({ name }) => name === '__Host-keyturn')?.value
    const found = response.body === '' ? {} : response.json<Record<string, any>>()
    return { status: response.statusCode, body: found, cookie, headers: response.headers }
  }
  /** Somebody who has logged in at the console. */
  const enter = async (name: string, secret: string): Promise<Required<Pick<Caller, 'cookie' | 'csrf'>>> => {
    const { body, cookie } = await ask('POST', '/v1/session', {}, { name, password: secret })
    return { cookie: cookie ?? expect.unreachable(), csrf: String(body['csrf']) }
  }
  /** The first admin, at the console. */
  const setUp = async () => {
    const secret = await hub.links.create({ operator: null })
    const { body, cookie } = await ask('POST', '/v1/setup', {}, { secret, name: 'anna', password })
    return { cookie: cookie ?? expect.unreachable(), csrf: String(body['csrf']), secret }
  }
  /** An operator with a password. */
  const invite = async (admin: Caller, name: string, role: string) => {
    const { body } = await ask('POST', '/v1/operators', admin, { name, role })
    const secret = String(body['link']).split('#')[1]?.split('.')[0]
    await ask('POST', '/v1/setup', {}, { secret, name, password })
  }
  return { ask, app, database, enter, hub, invite, setUp }
}

describe('the set-up', () => {
  it('logs the first admin in, and says so with the cookie', async () => {
    const { ask, hub } = await served()
    const secret = await hub.links.create({ operator: null })
    const set = await ask('POST', '/v1/setup', {}, { secret, name: 'Anna', password })
    expect(set).toMatchObject({ status: 200, body: { name: 'anna', role: 'admin' } })
    const { cookie = '' } = set
    const session = await ask('GET', '/v1/session', { cookie })
    expect(session.body).toEqual({ name: 'anna', role: 'admin', csrf: set.body['csrf'] })
    const again = await ask('POST', '/v1/setup', {}, { secret, name: 'bert', password })
    expect(again).toMatchObject({ status: 403, body: { code: 'ERR_AUTH_SETUP_LINK' } })
    expect(again.cookie).toBeUndefined()
  })

  it('refuses a weak password without using the link up', async () => {
    const { ask, hub } = await served()
    const secret = await hub.links.create({ operator: null })
    const weak = await ask('POST', '/v1/setup', {}, { secret, name: 'anna', password: 'short' })
    expect(weak).toMatchObject({ status: 400, body: { code: 'ERR_AUTH_PASSWORD' } })
    expect(JSON.stringify(weak.body)).not.toContain(secret)
    expect((await ask('POST', '/v1/setup', {}, { secret, name: 'anna', password })).status).toBe(200)
  })
})

describe('the session', () => {
  it('begins with the password, changes its id at each login, and ends', async () => {
    const { ask, enter, setUp } = await served()
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
    const { ask, setUp } = await served()
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
    const { ask, enter, setUp } = await served()
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
    const { ask, invite, setUp } = await served()
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
    const { ask, enter, hub, invite, setUp } = await served()
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
    const { ask, setUp } = await served()
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
    const { ask, setUp } = await served()
    const admin = await setUp()
    for (const scopes of [[], ['all'], ['instance:x']])
      expect(await ask('POST', '/v1/tokens', admin, { name: 'shop', scopes })).toMatchObject({
        status: 400,
        body: { code: 'ERR_REQUEST_INVALID' },
      })
  })

  it('are revoked by somebody who is no admin only if they are their own', async () => {
    const { ask, enter, invite, setUp } = await served()
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
    const { ask, setUp } = await served()
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

describe.each(databaseKinds)('what is kept in %s', kind => {
  /** Every row of every table. */
  async function everything({ db }: Database): Promise<string> {
    const tables = await db.introspection.getTables()
    const rows = await Promise.all(
      tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(db)),
    )
    expect(rows.flatMap(each => each.rows).length).toBeGreaterThan(10)
    return JSON.stringify(rows.map(each => each.rows))
  }

  it('holds no secret but as a digest or a hash, and neither do the events', async () => {
    const { ask, database, hub, setUp } = await served(kind)
    const admin = await setUp()
    const invited = await ask('POST', '/v1/operators', admin, { name: 'bert', role: 'viewer' })
    const link = String(invited.body['link']).slice('/setup#'.length, -'.bert'.length)
    const made = await ask('POST', '/v1/tokens', admin, { name: 'shop', scopes: ['read'] })
    const login = await ask('POST', '/v1/login', {}, { name: 'anna', password, label: 'laptop' })
    // Somebody types the password into the field of the name.
    await ask('POST', '/v1/session', {}, { name: other.toLowerCase(), password: other })
    await ask('GET', '/v1/whoami', { token: String(made.body['token']) })
    await hub.tokens.flush()

    const kept = await everything(database)
    const secretOf = (token: unknown) => String(token).slice('kt_'.length + 13)
    const digested = [
      link,
      admin.cookie,
      admin.csrf,
      secretOf(made.body['token']),
      secretOf(login.body['token']),
    ]
    // The rows are really there.
    for (const secret of digested) expect(kept).toContain(digestOf(secret))
    const plain = [...digested, admin.secret, password, other]
    for (const secret of plain) {
      expect(kept.toLowerCase()).not.toContain(secret.toLowerCase())
      expect(kept).not.toContain(Buffer.from(secret).toString('base64url'))
      expect(kept).not.toContain(Buffer.from(secret).toString('hex'))
    }
    const events = await ask('GET', '/v1/events?limit=50', admin)
    const actions = (events.body['events'] as { action: string }[]).map(({ action }) => action).toSorted()
    expect(actions).toEqual([
      'operator.created',
      'operator.login',
      'operator.login-failed',
      'setup.redeemed',
      'token.created',
      'token.created',
    ])
    const shown = JSON.stringify(events.body)
    for (const secret of plain) expect(shown.toLowerCase()).not.toContain(secret.toLowerCase())
  })
})

describe('setupPath', () => {
  it('leads to the page of the set-up', async () => {
    const { app } = await served()
    const { statusCode, headers } = await app.inject(
      new URL(setupPath('secret', null), 'http://hub').pathname,
    )
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  })
})
