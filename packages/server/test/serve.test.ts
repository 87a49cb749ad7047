/** A hub's start and end: where it listens and with what, and what becomes of what it was doing. */
import { writeFileSync } from 'node:fs'
import https from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { selfSigned } from '../../keyturn/test/self-signed.ts'
import { serve, type ServeOptions } from '../src/serve.ts'
import { childHub } from './child-hub.ts'
import { pathOf, startHub, temporaryData, viewIn } from './running-hub.ts'
import { SilentInstance, silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const graceful = { mode: 'graceful', reason: 'because of the test' }
const quiet = { env: {}, port: 0, logLevel: false } as const

async function serving(options: Partial<ServeOptions>) {
  const running = await serve({ ...quiet, data: temporaryData(), ...options })
  onTestFinished(() => running.close())
  return running
}

describe('a hub', () => {
  it('speaks TLS with a certificate and its key', async () => {
    const folder = temporaryData()
    const { cert, key } = selfSigned()
    const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    writeFileSync(tlsCert, cert)
    writeFileSync(tlsKey, key)
    const { url } = await serving({ data: folder, tlsCert, tlsKey })
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const answer = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
      https
        .get(`${url}/healthz`, { ca: cert, agent: false }, response => {
          response.resume()
          resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
        })
        .on('error', reject)
    })
    expect(answer).toEqual({ status: 200, hsts: 'max-age=31536000' })
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
    const old = https.get(`${url}/healthz`, { ca: cert, agent: false, maxVersion: 'TLSv1.1' })
    await new Promise(resolve => old.on('error', resolve))
  })

  it('says which of certificate and key is not right, and repeats neither', async () => {
    const folder = temporaryData()
    const [cert, key, other] = [join(folder, 'cert.pem'), join(folder, 'key.pem'), join(folder, 'other.pem')]
    const pair = selfSigned()
    writeFileSync(cert, pair.cert)
    writeFileSync(key, pair.key)
    writeFileSync(other, selfSigned().key)
    const refused = async (options: object, code: string): Promise<void> => {
      const found = await serving(options).then(
        () => undefined,
        (error: unknown) => error as Error & { code: string },
      )
      expect(found?.code).toBe(code)
      expect(found?.message).toContain(folder.slice(0, 5))
      expect(found?.message).not.toContain(pair.key.split('\n')[1])
    }
    await expect(serving({ tlsCert: cert })).rejects.toMatchObject({ code: 'ERR_USAGE' })
    await refused({ tlsCert: cert, tlsKey: join(folder, 'none.pem') }, 'ERR_STORE_DENIED')
    await refused({ tlsCert: cert, tlsKey: other }, 'ERR_USAGE')
    await refused({ tlsCert: key, tlsKey: key }, 'ERR_USAGE')
  })

  it.each(['0.0.0.0', '::', '192.0.2.1', 'hub.example', '127.0.0.1.example', '::ffff:10.0.0.1'])(
    'does not speak plain HTTP at %s, unless the network is trusted',
    async host => {
      await expect(serving({ host })).rejects.toMatchObject({ code: 'ERR_HUB_PLAIN_HTTP' })
    },
  )

  it('speaks plain HTTP where that is wanted', async () => {
    const { url } = await serving({ host: '0.0.0.0', insecureHttp: true })
    expect((await fetch(url.replace('0.0.0.0', '127.0.0.1') + '/healthz')).status).toBe(200)
  })

  it('leaves nothing behind when its port is taken', async () => {
    const first = await serving({})
    const port = Number(new URL(first.url).port)
    const data = temporaryData()
    await expect(serving({ data, port })).rejects.toMatchObject({ code: 'ERR_HUB_ADDRESS' })
    const second = await serving({ data })
    const rows = await second.hub.database.db.selectFrom('replicas').select('id').execute()
    expect(rows.map(({ id }) => id)).toEqual([second.hub.replicas.id])
  })

  it('is the only one on its folder', async () => {
    const data = temporaryData()
    const first = await serving({ data })
    await expect(serving({ data })).rejects.toMatchObject({ code: 'ERR_HUB_IN_USE' })
    await first.close()
    await serving({ data })
  })

  it('has a set-up link as long as nobody can log in, a fresh one with each start', async () => {
    const data = temporaryData()
    const first = await serving({ data })
    expect(first.setupLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup#[\w-]{43}$/)
    await first.hub.operators.create('anna', 'admin', 'test')
    await first.close()
    const second = await serving({ data })
    expect(second.setupLink).toBeDefined()
    const redeem = (link = ''): Promise<Response> =>
      fetch(`${second.url}/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          secret: link.split('#')[1],
          name: 'anna',
          password: 'sieben Brücken über den Fluss',
        }),
      })
    expect((await redeem(first.setupLink)).status).toBe(403)
    expect((await redeem(second.setupLink)).status).toBe(200)
    expect((await redeem(second.setupLink)).status).toBe(403)
    await second.close()
    expect((await serving({ data })).setupLink).toBeUndefined()
  })
})

describe('a hub that stops', () => {
  it('ends streams, followers and readers that are stuck, and its rotation goes on with the next start', async () => {
    const data = temporaryData()
    const hub = await startHub(data)
    await hub.ring(ring)
    await silentInstance(hub, ring)
    const instance = await hub.token(`instance:${ring}`)
    const as = await hub.token('operate')
    const { id } = viewIn(await hub.expect(202, `POST ${path}/rotations`, { as, body: graceful }))
    const stream = await hub.open(`GET ${path}/keyring/watch`, { headers: instance.headers })
    const ended = new Promise(resolve => stream.on('data', () => undefined).on('close', resolve))
    const stuck = connect(Number(new URL(hub.url).port), '127.0.0.1')
    onTestFinished(() => void stuck.destroy())
    const authorization = instance.headers['authorization'] ?? ''
    stuck
      .pause()
      .write(`GET ${path}/keyring/watch HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`)
    await expect.poll(() => hub.hub.streams.counts()).toEqual([[ring, 2]])
    const shut = await hub.expect(200, `GET ${path}/rotations/${id}?wait=1000&seen=1`, { as })
    const seen = viewIn(shut).events.at(-1)?.n
    const following = hub.expect(200, `GET ${path}/rotations/${id}?wait=20000&seen=${seen}`, { as })
    // Asked for before the hub stops.
    await hub.expect(200, 'GET /healthz')

    const from = performance.now()
    await Promise.all([hub.running.close(), ended, following])
    expect(performance.now() - from).toBeLessThan(15_000)
    expect(viewIn(await following).state).toBe('running')

    const next = await startHub(data)
    const operate = await next.token('operate')
    expect((await next.document(ring)).operation?.id).toBe(id)
    const again = new SilentInstance(next, ring, await next.token(`instance:${ring}`), 'silent-1')
    const done = await again.while(next.ended(path, id, operate))
    expect(done).toMatchObject({ id, state: 'done', replica: next.hub.replicas.id })
    expect(done.events.map(({ type }) => type)).toContain('resumed')
    const { json } = await next.expect(200, `GET ${path}/audit`, { as: operate })
    expect(json['notes']).toEqual([])
  })

  it('refuses what comes while it stops with 503, and can be closed twice', async () => {
    const hub = await startHub()
    await hub.hub.stop()
    const { headers } = await hub.refused('ERR_STORE_UNREACHABLE', 'GET /v1/rings')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(headers.connection).toBe('close')
    await Promise.all([hub.running.close(), hub.running.close()])
  })
})

describe('a hub that is killed', () => {
  it.each(['gate', 'confirm'] as const)('in phase %s: the next start ends the same rotation', async phase => {
    const data = temporaryData()
    const { client, kill, admin: as, instance } = await childHub(data, ring)
    await client.expect(201, 'POST /v1/rings', { as, body: { ring, reason: 'test' } })
    const silent = new SilentInstance(client, ring, instance, 'silent-1')
    await silent.acknowledge()
    const { id } = viewIn(await client.expect(202, `POST ${path}/rotations`, { as, body: graceful }))
    if (phase === 'confirm') await silent.acknowledge()
    const ask = async (): Promise<string> =>
      viewIn(await client.expect(200, `GET ${path}/rotations/${id}`, { as })).phase
    await expect.poll(ask).toBe(phase)
    await kill()

    const next = await startHub(data)
    const operate = await next.token('operate')
    const generation = (await next.document(ring)).generation
    expect(generation).toBe(phase === 'gate' ? 2 : 3)
    const again = new SilentInstance(next, ring, await next.token(`instance:${ring}`), 'silent-1')
    const done = await again.while(next.ended(path, id, operate))
    expect(done).toMatchObject({ id, state: 'done', reason: graceful.reason, replica: next.hub.replicas.id })
    const { json } = await next.expect(200, `GET ${path}/audit`, { as: operate })
    const actions = (json['entries'] as { action: string }[]).map(({ action }) => action)
    expect(actions.filter(action => action === 'rotate.activate')).toHaveLength(1)
    expect(json['notes']).toEqual([])
  })
})
