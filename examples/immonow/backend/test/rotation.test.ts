import { emergency, rollback, rotate } from 'keyturn/rotation'
import { describe, expect, it } from 'vitest'

import { loggedIn, startService, Visitor } from './running-service.ts'

const grounds = { reason: 'a test', timeout: 60_000 }

describe('a rotation under a running service', () => {
  it('refuses nobody when it is graceful', { timeout: 60_000 }, async () => {
    const { url, keyring, rotation } = await startService()
    const visitor = await loggedIn(url)
    const kid = keyring.activeKid
    await rotate(rotation, { ...grounds, mode: 'graceful' })
    expect(keyring.activeKid).not.toBe(kid)
    expect((await visitor.me()).status).toBe(200)
    expect((await visitor.refresh()).status).toBe(200)
    expect((await visitor.me()).status).toBe(200)
  })

  it(
    'ends tokens and sessions when it is hard, and a rollback brings them back',
    { timeout: 120_000 },
    async () => {
      const { url, database, rotation } = await startService()
      const early = await loggedIn(url, 'Erika')
      const { cookie, accessToken } = early
      const people = database.all('SELECT * FROM users')
      const sessions = database.all('SELECT * FROM sessions')

      await rotate(rotation, { ...grounds, mode: 'hard' })
      const refused = await early.me()
      expect([refused.status, refused.body]).toEqual([
        401,
        expect.objectContaining({ code: 'ERR_KEY_SUSPENDED', title: 'Token expired', reason: 'expired' }),
      ])
      expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      const ended = await early.refresh()
      expect([ended.status, ended.body.code, ended.body.reason]).toEqual([
        401,
        'ERR_SESSION_ENDED',
        'expired',
      ])
      expect(ended.headers.getSetCookie()).toEqual([])
      expect(database.all('SELECT * FROM sessions')).toEqual(sessions)
      expect(database.all('SELECT * FROM users')).toEqual(people)

      const late = await loggedIn(url, 'Max')
      expect((await late.me()).status).toBe(200)

      await rollback(rotation, grounds)
      expect([early.cookie, early.accessToken]).toEqual([cookie, accessToken])
      expect((await early.me()).status).toBe(200)
      expect((await early.refresh()).status).toBe(200)
      expect((await late.me()).status).toBe(200)
      expect((await late.refresh()).status).toBe(200)
    },
  )

  it('names security as the reason in an emergency', { timeout: 60_000 }, async () => {
    const { url, rotation } = await startService()
    const visitor = await loggedIn(url)
    await emergency(rotation, grounds)
    const refused = await visitor.me()
    expect([refused.status, refused.body.code, refused.body.title, refused.body.reason]).toEqual([
      401,
      'ERR_KEY_COMPROMISED',
      'Token expired',
      'security',
    ])
    const ended = await visitor.refresh()
    expect([ended.status, ended.body.code, ended.body.reason]).toEqual([401, 'ERR_SESSION_ENDED', 'security'])
    expect((await visitor.logIn()).status).toBe(200)
    expect((await visitor.me()).status).toBe(200)
  })
})

describe('an access token that is no good', () => {
  it('is answered with a problem document, never with 500', async () => {
    const { url, keyring } = await startService()
    const good = keyring.sign({ sub: 'x' }, { expiresIn: 60 })
    const [head = '', payload = '', signature = ''] = good.split('.')
    const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const bad = [
      'x',
      '..',
      '...',
      'a.b.c',
      `${head}.${payload}`,
      `${head}.${payload}.`,
      `${head}.${payload}.${signature}.${signature}`,
      `${head}.${payload}.${signature.slice(1)}`,
      `${encoded({ alg: 'none' })}.${payload}.`,
      `${encoded({ alg: 'HS512', kid: keyring.activeKid })}.${payload}.${signature}`,
      `${encoded({ alg: 'HS256', kid: { toString: 1 } })}.${payload}.${signature}`,
      `${encoded([])}.${encoded(null)}.${signature}`,
      `${head}.${encoded('[]')}.${signature}`,
      `${'A'.repeat(9000)}.${payload}.${signature}`,
      '\u00ff'.repeat(40),
      '%00%00',
    ]
    for (const token of bad) {
      const visitor = new Visitor(url)
      visitor.accessToken = token
      const answer = await visitor.me()
      expect([401, 503], token.slice(0, 60)).toContain(answer.status)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(answer.body).toMatchObject({ code: expect.stringMatching(/^ERR_/), status: answer.status })
    }
  })

  it('is refused when it is well signed but belongs to no account', async () => {
    const { url, keyring } = await startService()
    for (const sub of ['x', '00000000-0000-4000-8000-00000000dead', '1\u0000']) {
      const visitor = new Visitor(url)
      visitor.accessToken = keyring.sign({ sub }, { expiresIn: 60 })
      const answer = await visitor.me()
      expect([answer.status, answer.body.code]).toEqual([401, 'ERR_ACCOUNT_UNKNOWN'])
    }
    const visitor = new Visitor(url)
    visitor.accessToken = keyring.sign({ name: 'no subject' }, { expiresIn: 60 })
    expect((await visitor.me()).status).toBe(401)
  })
})
