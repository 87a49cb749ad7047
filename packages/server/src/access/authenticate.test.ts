import cookie from '@fastify/cookie'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryDatabase } from '../../test/temporary-database.ts'
import { AccessTokens } from './access-tokens.ts'
import { authenticate, refuseOtherSites } from './authenticate.ts'
import { HubEvents } from './events.ts'
import { digestOf } from './opaque-secret.ts'
import { Operators } from './operators.ts'
import { setSessionCookie } from './session-cookie.ts'
import { Sessions } from './sessions.ts'

const host = 'hub.example:8443'
type Headers = Record<string, string>

/** A server that answers who asks, an operator's session and a token. */
async function served() {
  const database = await temporaryDatabase('sqlite')
  const events = new HubEvents(database)
  const sessions = new Sessions(database)
  const tokens = new AccessTokens(database, events)
  await new Operators(database, events).create('anna', 'operator', 'test')
  const session = await sessions.create('anna')
  const { token, id } = await tokens.create({ name: 'deploy', scopes: ['read'], createdBy: 'anna' })
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(cookie)
  app.setErrorHandler((error, _request, reply) =>
    reply.code(401).send({ code: (error as { code?: string }).code }),
  )
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
    app.route({
      method,
      url: '/',
      ...(method === 'GET' && { exposeHeadRoute: false }),
      handler: async request => ({ who: (await authenticate(request, { tokens, sessions })) ?? null }),
    })
  app.get('/forwarded', async request => ({
    who: (await authenticate(request, { tokens, sessions, isForwarded: true })) ?? null,
  }))
  app.post('/public', request => {
    refuseOtherSites(request)
    return { who: null }
  })
  app.get('/cookie', (_request, reply) => {
    setSessionCookie(reply, session.id)
    return {}
  })
  const ask = async (
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    headers: Headers,
    url = '/',
  ) => {
    const response = await app.inject({ method, url, headers: { host, ...headers } })
    if (method === 'HEAD') return { status: response.statusCode }
    return response.json<{ who?: { kind: string; name: string } | null; code?: string }>()
  }
  const withCookie = { cookie: `__Host-keyturn=${session.id}` }
  const bearer = { authorization: `Bearer ${token}` }
  return { app, ask, sessions, session, tokens, token, id, withCookie, bearer }
}

describe('authenticate', () => {
  it('knows a token', async () => {
    const { ask, bearer, id, token } = await served()
    const who = { kind: 'token', id, name: 'deploy', scopes: ['read'] }
    expect(await ask('GET', bearer)).toMatchObject({ who })
    expect(await ask('DELETE', bearer)).toMatchObject({ who })
    expect(await ask('GET', { authorization: `bearer   ${token}` })).toMatchObject({ who })
  })

  it('knows nobody without token and cookie', async () => {
    const { ask } = await served()
    expect(await ask('GET', {})).toEqual({ who: null })
    expect(await ask('POST', { cookie: 'other=1' })).toEqual({ who: null })
  })

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer a b',
    'Token x',
    'Bearer kt_x',
    'Bearer eyJ.e30.x',
  ])('refuses the Authorization "%s", also where a cookie is right', async authorization => {
    const { ask, withCookie } = await served()
    const code = 'ERR_AUTH_INVALID'
    expect(await ask('GET', { authorization })).toEqual({ code })
    expect(await ask('GET', { authorization, ...withCookie })).toEqual({ code })
  })

  it('lets the token count where there is a cookie as well', async () => {
    const { ask, bearer, withCookie } = await served()
    expect(await ask('POST', { ...bearer, ...withCookie })).toMatchObject({ who: { kind: 'token' } })
  })

  it('knows a session by its cookie', async () => {
    const { ask, session, withCookie } = await served()
    expect(await ask('GET', withCookie)).toMatchObject({
      who: { kind: 'operator', name: 'anna', role: 'operator', session: digestOf(session.id) },
    })
    expect(await ask('HEAD', withCookie)).toEqual({ status: 200 })
  })

  it('refuses the cookie of a session that has ended', async () => {
    const { ask, session, sessions, withCookie } = await served()
    await sessions.end(digestOf(session.id))
    expect(await ask('GET', withCookie)).toEqual({ code: 'ERR_AUTH_INVALID' })
    expect(await ask('HEAD', withCookie)).toEqual({ status: 401 })
  })

  it('notes from where a token was used', async () => {
    const { ask, bearer, tokens } = await served()
    await ask('GET', bearer)
    expect(await tokens.list()).toMatchObject([{ addresses: [{ address: '127.0.0.1' }] }])
  })

  it("takes only X-Keyturn-Token where Authorization and cookies are a user's", async () => {
    const { ask, bearer, token, withCookie } = await served()
    const who = { kind: 'token', name: 'deploy' }
    expect(await ask('GET', { 'x-keyturn-token': token }, '/forwarded')).toMatchObject({ who })
    const users = { authorization: 'Bearer eyJ.e30.x', ...withCookie }
    expect(await ask('GET', { 'x-keyturn-token': token, ...users }, '/forwarded')).toMatchObject({ who })
    expect(await ask('GET', { ...bearer, ...withCookie }, '/forwarded')).toEqual({ who: null })
    const code = 'ERR_AUTH_INVALID'
    expect(await ask('GET', { 'x-keyturn-token': 'x' }, '/forwarded')).toEqual({ code })
    expect(await ask('GET', { 'x-keyturn-token': token })).toEqual({ who: null })
  })
})

describe('authenticate, of a change with a cookie', () => {
  const code = 'ERR_AUTH_CSRF'
  const who = { kind: 'operator' }

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('wants the CSRF token for %s', async method => {
    const { ask, session, withCookie } = await served()
    const right = { ...withCookie, 'x-keyturn-csrf': session.csrf }
    expect(await ask(method, right)).toMatchObject({ who })
    expect(await ask(method, withCookie)).toEqual({ code })
    for (const wrong of ['', 'x', session.id, digestOf(session.csrf), `${session.csrf}x`])
      expect(await ask(method, { ...withCookie, 'x-keyturn-csrf': wrong })).toEqual({ code })
  })

  it('does not take the CSRF token of another session', async () => {
    const { ask, sessions, withCookie } = await served()
    const { csrf } = await sessions.create('anna')
    expect(await ask('POST', { ...withCookie, 'x-keyturn-csrf': csrf })).toEqual({ code })
  })

  it('wants the page of the request to be of this hub, where the browser says it', async () => {
    const { ask, session, withCookie } = await served()
    const right = { ...withCookie, 'x-keyturn-csrf': session.csrf }
    for (const origin of [`https://${host}`, `http://${host}`])
      expect(await ask('POST', { ...right, origin })).toMatchObject({ who })
    const others = [
      'https://evil.example',
      'https://hub.example',
      `https://${host}.evil.example`,
      'null',
      'x',
      '',
    ]
    for (const origin of others) expect(await ask('POST', { ...right, origin })).toEqual({ code })
    for (const site of ['same-origin', 'same-site', 'none'])
      expect(await ask('POST', { ...right, 'sec-fetch-site': site })).toMatchObject({ who })
    expect(await ask('POST', { ...right, 'sec-fetch-site': 'cross-site' })).toEqual({ code })
  })

  it('does not ask that of a token, which no browser sends by itself', async () => {
    const { ask, bearer } = await served()
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect(await ask('POST', { ...bearer, ...foreign })).toMatchObject({ who: { kind: 'token' } })
  })

  it('is not needed for logging in, but another site cannot do that for its visitors', async () => {
    const { ask } = await served()
    expect(await ask('POST', {}, '/public')).toEqual({ who: null })
    expect(await ask('POST', { origin: 'https://evil.example' }, '/public')).toEqual({ code })
    expect(await ask('POST', { 'sec-fetch-site': 'cross-site' }, '/public')).toEqual({ code })
  })
})

describe('setSessionCookie', () => {
  it('sets a cookie that no script, no other site and no other host can have', async () => {
    const { app, session } = await served()
    const { headers } = await app.inject('/cookie')
    expect(headers['set-cookie']).toBe(
      `__Host-keyturn=${session.id}; Path=/; HttpOnly; Secure; SameSite=Strict`,
    )
  })
})
