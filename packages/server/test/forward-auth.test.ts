/** What the hub says to proxies about the tokens of their users. */
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { pathOf, startHub, type Answer, type TestHub } from './running-hub.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const forwardAuth = `GET /v1/forward-auth?ring=${encodeURIComponent(ring)}`

async function newHub() {
  const hub = await startHub()
  await hub.ring(ring)
  const [keyring] = await hub.keyrings(ring, 1)
  if (!keyring) throw new Error('no keyring')
  const proxy = await hub.token(`instance:${ring}`)
  const ask = (authorization: string, own = proxy.text): Promise<Answer> =>
    hub.call(forwardAuth, { headers: { authorization, 'x-keyturn-token': own } })
  return { hub, keyring, proxy, ask }
}

/** As a library signs it that checks nothing. */
async function signed(hub: TestHub, payload: string): Promise<string> {
  const { document, secrets } = (await hub.hub.feed.confirmed(ring))?.ring ?? expect.unreachable()
  const [key] = document.keys
  const secret = secrets.get(key?.kid ?? '')?.reveal() ?? ''
  const text = [JSON.stringify({ alg: 'HS256', kid: key?.kid }), payload]
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

describe('/v1/forward-auth', () => {
  it('says whose token it is, the first time as ever after', async () => {
    const { keyring, ask } = await newHub()
    const token = keyring.sign({ sub: 'anna müller', role: 'agent' }, { expiresIn: '5m' })
    for (let times = 0; times < 3; times += 1) {
      const { status, headers, text } = await ask(`Bearer ${token}`)
      expect([status, text]).toEqual([200, ''])
      expect(headers['x-auth-subject']).toBe('anna%20m%C3%BCller')
      expect(headers['x-auth-kid']).toBe(keyring.activeKid)
      const claims = Buffer.from(String(headers['x-auth-claims']), 'base64url').toString('utf8')
      expect(JSON.parse(claims)).toMatchObject({ sub: 'anna müller', role: 'agent' })
      expect(headers['cache-control']).toBe('no-store')
    }
  })

  it('refuses what is no token, with one form of problem', async () => {
    const { ask, keyring } = await newHub()
    const good = keyring.sign({ sub: 'anna' }, { expiresIn: '5m' })
    await ask(`Bearer ${good}`)
    for (const [authorization, code] of [
      ['Bearer no-token', 'ERR_TOKEN_MALFORMED'],
      [`Bearer ${good.slice(0, -4)}AAAA`, 'ERR_TOKEN_SIGNATURE'],
      ['Basic YTpi', 'ERR_TOKEN_MISSING'],
      ['Bearer ', 'ERR_TOKEN_MISSING'],
    ] as const) {
      const { status, headers, json } = await ask(authorization)
      expect([status, json['code']], authorization).toEqual([401, code])
      expect(headers['www-authenticate']).toBe('Bearer')
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(json['requestId']).toEqual(expect.stringMatching(/\S/))
    }
  })

  it('lives through a subject that is no text', async () => {
    const { hub, ask } = await newHub()
    const now = Math.floor(Date.now() / 1000)
    const token = await signed(hub, `{"sub":"\\ud800","iat":${now},"exp":${now + 60}}`)
    for (let times = 0; times < 3; times += 1) {
      const { status, headers } = await ask(`Bearer ${token}`)
      expect(status).toBe(200)
      expect(headers['x-auth-subject']).toBeUndefined()
    }
    await hub.expect(200, 'GET /healthz')
  })

  it('follows a rotation, and an emergency ends every token', async () => {
    const { hub, keyring, ask } = await newHub()
    const token = keyring.sign({ sub: 'anna' }, { expiresIn: '5m' })
    const as = await hub.token('operate')
    expect((await ask(`Bearer ${token}`)).status).toBe(200)
    const change = async (what: string, body: object): Promise<void> => {
      const { json } = await hub.expect(202, `POST ${path}/${what}`, { as, body })
      await hub.ended(path, json['id'] as string, as)
    }
    await change('rotations', { reason: 'test', mode: 'graceful' })
    const next = keyring.sign({ sub: 'anna' }, { expiresIn: '5m' })
    for (const each of [token, next]) expect((await ask(`Bearer ${each}`)).status).toBe(200)
    await change('emergency', { reason: 'test', confirm: ring })
    for (const each of [token, next])
      await expect.poll(async () => (await ask(`Bearer ${each}`)).json['code']).toBe('ERR_KEY_COMPROMISED')
  })

  it('is for a token of that ring alone, also once it has answered', async () => {
    const { hub, keyring, proxy, ask } = await newHub()
    const token = `Bearer ${keyring.sign({ sub: 'anna' }, { expiresIn: '5m' })}`
    expect((await ask(token)).status).toBe(200)
    const staging = await hub.token('instance:immonow/staging')
    expect((await ask(token, staging.text)).json['code']).toBe('ERR_AUTH_FORBIDDEN')
    expect((await ask(token, 'kt_garbage')).json['code']).toBe('ERR_AUTH_INVALID')
    await hub.hub.tokens.revoke(proxy.id, 'test')
    expect((await ask(token)).json['code']).toBe('ERR_AUTH_INVALID')
    const ghost = await hub.token('instance:immonow/ghost')
    const answer = await hub.call('GET /v1/forward-auth?ring=immonow%2Fghost', {
      headers: { authorization: token, 'x-keyturn-token': ghost.text },
    })
    expect([answer.status, answer.json['code']]).toEqual([404, 'ERR_STORE_MISSING'])
  })
})
