/** Every way to fail: one form (RFC 9457), from one place, with nothing in it that is nobody's business. */
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import type { Secret } from 'keyturn'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../src/http/app.ts'
import { problemCases, sentSecret as secret } from './problem-cases.ts'
import { pathOf, startHub, type Answer, type Credentials, type TestHub } from './running-hub.ts'
import { sampleLease } from './sample-requests.ts'

const ring = 'immonow/production'
const path = pathOf(ring)

/** The form of RFC 9457, our fields, and no word of the insides. */
function expectProblem(answer: Pick<Answer, 'status' | 'headers' | 'text' | 'json'>, what: string): void {
  const { status, headers, text, json } = answer
  const message = `${what}: ${status} ${text}`
  expect(headers['content-type'], message).toBe('application/problem+json; charset=utf-8')
  expect(headers['cache-control'], message).toBe('no-store')
  expect(json, message).toMatchObject({ status })
  for (const field of ['title', 'code', 'detail', 'fix', 'requestId'])
    expect(json[field], message).toEqual(expect.stringMatching(/\S/))
  expect(json['type'], message).toBe(`urn:keyturn:error:${String(json['code'])}`)
  const known = ['type', 'title', 'status', 'code', 'detail', 'fix', 'requestId', 'reason', 'findings']
  expect(
    Object.keys(json).filter(key => !known.includes(key)),
    message,
  ).toEqual([])
  expect(text, message).not.toMatch(
    /node_modules|\.[jt]s:\d|at Object\.|SQLITE|SqliteError|FST_|libsql|kysely|zod/i,
  )
  if (status === 503 || status === 429) expect(Number(headers['retry-after']), message).toBeGreaterThan(0)
}

describe('a problem', () => {
  it('has one form and says what is wrong, whatever goes wrong, without a secret', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const token = await hub.token('admin')
    const held = (await hub.hub.feed.confirmed(ring))?.ring.secrets ?? new Map<string, Secret>()
    const secrets = [
      secret,
      secret.slice(0, 12),
      token.text,
      ...[...held.values()].map(each => each.reveal()),
    ]
    for (const { what, status, code, detail, ...call } of problemCases(ring, path)) {
      const answer = await hub.call(what, { as: token, ...call })
      const message = `${what.slice(0, 80)}: ${answer.status} ${answer.text}`
      expect.soft([answer.status, answer.json['code']], message).toEqual([status, code])
      expectProblem(answer, what)
      if (detail) expect(answer.json['detail'], message).toMatch(detail)
      for (const hidden of secrets) expect(answer.text, message).not.toContain(hidden)
      expect(answer.text.length, message).toBeLessThan(4_000)
    }
    expect((await hub.document(ring)).generation).toBe(1)
  })

  it('has no body for HEAD, and its status', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const as = await hub.token('read')
    for (const [what, status] of [
      [`HEAD ${path}`, 200],
      ['HEAD /v1/rings/immonow%2Fnone', 404],
      ['HEAD /v1/nothing', 404],
      ['HEAD /v1/events', 403],
    ] as const)
      expect(await hub.call(what, { as }), what).toMatchObject({ status, text: '' })
  })

  it('answers a stream’s HEAD at once', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const as = await hub.token(`instance:${ring}`)
    await hub.expect(404, `HEAD ${path}/keyring/watch`, { as })
  })

  it('answers what is no HTTP at all', async () => {
    const hub = await startHub()
    const text = await sent(hub, 'HELLO\r\n\r\n')
    const [head = '', body = ''] = text.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 400 /)
    expect(head).toContain('application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'ERR_REQUEST_INVALID' })
  })

  it('names the line of the log that says more, and a mistake of the hub says no more itself', async () => {
    const hub = await startHub()
    const lines: string[] = []
    const stream = new Writable({
      write(piece: Buffer, _, done) {
        lines.push(piece.toString())
        done()
      },
    })
    const app = await createApp({ hub: hub.hub, logger: { level: 'info', stream } })
    app.get('/broken', () => {
      throw new TypeError(`kaputt: ${secret}`)
    })
    const url = await app.listen({ port: 0 })
    onTestFinished(() => app.close())
    const answer = await fetch(`${url}/broken`)
    const text = await answer.text()
    const shown = { status: answer.status, headers: Object.fromEntries(answer.headers), text }
    expectProblem({ ...shown, json: JSON.parse(text) as Answer['json'] }, 'broken')
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'ERR_HUB_INTERNAL' })
    expect(text).not.toMatch(/kaputt|TypeError/)
    const { requestId } = JSON.parse(text) as { requestId: string }
    expect(lines.filter(line => line.includes(requestId)).join()).toMatch(/kaputt/)
    const other = await fetch(`${url}/broken`)
    expect(((await other.json()) as { requestId: string }).requestId).not.toBe(requestId)
  })

  it('says Retry-After when too many logins failed', async () => {
    const hub = await startHub()
    const body = { name: 'nobody', password: 'sieben Brücken über den Fluss' }
    for (let tries = 0; tries < 5; tries += 1)
      await hub.refused('ERR_AUTH_CREDENTIALS', 'POST /v1/session', { body })
    const locked = await hub.expect(429, 'POST /v1/session', { body })
    expect(locked.json['code']).toBe('ERR_AUTH_LOCKED')
    expectProblem(locked, 'locked')
  })
})

describe('without its database', () => {
  it('answers 503 with Retry-After everywhere but where it needs none', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const admin = await hub.token('admin')
    const instance = await hub.token(`instance:${ring}`)
    const session = await hub.session('viewer')
    await hub.expect(200, 'GET /readyz')
    await hub.hub.database.close()
    for (const [what, as, body] of away(admin, instance, session)) {
      const answer = await hub.expect(503, what, { as, ...(body !== undefined && { body }) })
      expectProblem(answer, what)
      expect(answer.json['code'], what).toBe('ERR_STORE_UNREACHABLE')
    }
    for (const key of ['one', 'two']) {
      const headers = { 'idempotency-key': key }
      const body = { reason: 'x', noFleet: true }
      expectProblem(await hub.expect(503, `POST ${path}/rotations`, { as: admin, headers, body }), key)
    }
    await hub.expect(200, 'GET /healthz')
    await hub.expect(503, 'GET /readyz')
    await expect
      .poll(async () => (await hub.expect(200, 'GET /metrics')).text)
      .toMatch(/^keyturn_hub_database_up 0$/m)
  })
})

type Away = readonly [what: string, as: Credentials, body?: unknown]

const away = (admin: Credentials, instance: Credentials, session: Credentials): readonly Away[] => [
  ['GET /v1/rings', admin],
  ['GET /v1/session', session],
  ['GET /v1/tokens', admin],
  ['GET /v1/operators', admin],
  ['GET /v1/events', admin],
  ['POST /v1/tokens', admin, { name: 'x', scopes: ['read'] }],
  ['POST /v1/rings', admin, { ring: 'a/b' }],
  [`GET ${path}`, admin],
  [`GET ${path}/audit`, admin],
  [`GET ${path}/series`, admin],
  [`GET ${path}/fleet`, admin],
  [`GET ${path}/rotations`, admin],
  [`GET ${path}/rotations/none`, admin],
  [`POST ${path}/rotations`, admin, { reason: 'x', noFleet: true }],
  [`POST ${path}/emergency`, admin, { reason: 'x', confirm: ring }],
  [`POST ${path}/erase`, admin],
  [`GET ${path}/keyring`, instance],
  [`GET ${path}/keyring/watch`, instance],
  [`PUT ${path}/leases/backend-1`, instance, sampleLease(ring, 'backend-1')],
  [`DELETE ${path}/leases/backend-1`, instance],
  ['POST /v1/identify', admin, { secret }],
]

/** What the hub answers to bytes. */
function sent({ url }: TestHub, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.on('data', piece => (answer += piece.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
