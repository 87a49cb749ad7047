/** Two replicas on PostgreSQL: one rotation, whoever asks where, and whoever is gone. */
import { randomUUID } from 'node:crypto'
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { childHub } from './child-hub.ts'
import { embeddedPostgres } from './postgres.ts'
import { pathOf, startHub, temporaryData, viewIn } from './running-hub.ts'
import { SilentInstance, silentInstance } from './silent-instance.ts'
import { TcpProxy } from './tcp-proxy.ts'

const server = await embeddedPostgres()
const ring = 'immonow/production'
const path = pathOf(ring)
const graceful = { mode: 'graceful', reason: 'because of the test' }

/** What every replica on one empty database is given. */
async function newEnv() {
  if ('cannot' in server) throw new Error(server.cannot)
  return { DATABASE_URL: server.url(await server.createDatabase()), KEYTURN_MASTER_KEY: generateSecret() }
}

describe.skipIf('cannot' in server)('two replicas', () => {
  it('show the same rotation to who follows it, and work on it once', async () => {
    const env = await newEnv()
    const [one, other] = [await startHub(temporaryData(), env), await startHub(temporaryData(), env)]
    await one.ring(ring)
    const silent = await silentInstance(one, ring)
    const as = await one.token('operate')
    const { id } = viewIn(await one.expect(202, `POST ${path}/rotations`, { as, body: graceful }))
    const there = viewIn(await other.expect(200, `GET ${path}/rotations/${id}?wait=5000&seen=0`, { as }))
    expect(there).toMatchObject({ id, state: 'running', replica: one.hub.replicas.id })
    for (const hub of [one, other])
      await hub.refused('ERR_RING_OPERATION', `POST ${path}/rotations/resume`, { as, body: {} })
    expect(await one.hub.records.find(id)).toMatchObject({ state: 'running', replica: one.hub.replicas.id })
    // Longer than both look for what was left behind.
    await new Promise(resolve => setTimeout(resolve, 2_500))
    expect(other.hub.rotations.running).toEqual([])
    const done = await silent.while(other.ended(path, id, as))
    expect(done).toMatchObject({ state: 'done', replica: one.hub.replicas.id })
    expect(done.events.map(({ type }) => type)).not.toContain('resumed')
  })

  it('make one rotation of requests with one Idempotency-Key', async () => {
    const env = await newEnv()
    const hubs = [await startHub(temporaryData(), env), await startHub(temporaryData(), env)]
    await hubs[0]?.ring(ring)
    const as = await hubs[0]?.token('operate')
    const headers = { 'idempotency-key': randomUUID() }
    const body = { ...graceful, noFleet: true }
    const call = { ...(as && { as }), headers, body }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        hubs.map(hub => hub.expect(202, `POST ${path}/rotations`, call)),
      ).flat(),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(new Set(answers.map(({ headers: { location } }) => location)).size).toBe(1)
  })

  it('end a token and its streams everywhere, wherever it is revoked', async () => {
    const env = await newEnv()
    const [one, other] = [await startHub(temporaryData(), env), await startHub(temporaryData(), env)]
    await one.ring(ring)
    const as = await one.token(`instance:${ring}`)
    const stream = await other.open(`GET ${path}/keyring/watch`, { headers: as.headers })
    expect(stream.statusCode).toBe(200)
    const ended = new Promise(resolve => stream.on('data', () => undefined).on('close', resolve))
    await one.expect(204, `DELETE /v1/tokens/${as.id}`, { as: await one.token('admin') })
    await ended
    await other.refused('ERR_AUTH_INVALID', `GET ${path}/keyring`, { as })
  })

  it('take over from each other: the one that is killed leaves its rotation to the other', async () => {
    const env = await newEnv()
    const survivor = await startHub(temporaryData(), env)
    await survivor.ring(ring)
    const { client, kill, admin: as, instance } = await childHub(temporaryData(), ring, env)
    const silent = new SilentInstance(client, ring, instance, 'silent-1')
    await silent.acknowledge()
    const { id } = viewIn(await client.expect(202, `POST ${path}/rotations`, { as, body: graceful }))
    const following = new SilentInstance(survivor, ring, instance, 'silent-1')
    await kill()
    const done = await following.while(survivor.ended(path, id, as))
    expect(done).toMatchObject({ id, state: 'done', replica: survivor.hub.replicas.id })
    expect((await survivor.hub.records.list(ring, 10)).map(view => view.id)).toEqual([id])
  })
})

describe('a rotation that was finished before its replica went', () => {
  it('is done, whatever is under way since', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const as = await hub.token('operate')
    const body = { mode: 'hard', reason: 'the first', noFleet: true }
    const { id } = viewIn(await hub.expect(202, `POST ${path}/rotations`, { as, body }))
    await hub.ended(path, id, as)
    const { records } = hub.hub
    const before = (await records.find(id)) ?? expect.unreachable()
    const silent = await silentInstance(hub, ring)
    const next = viewIn(await hub.expect(202, `POST ${path}/rotations`, { as, body: graceful }))
    const left = { ...before, state: 'running', phase: 'confirm', outcome: null, replica: 'gone' } as const
    await records.put(left)
    // Before the other one's gate opens.
    await expect.poll(() => hub.hub.rotations.running).toContain(id)
    const after = await silent.while(hub.ended(path, id, as))
    expect(after).toMatchObject({ state: 'done', problem: null, replica: hub.hub.replicas.id })
    expect(after.outcome).toMatchObject({ generation: before.outcome?.generation, kid: before.kid })
    expect(await silent.while(hub.ended(path, next.id, as))).toMatchObject({ state: 'done' })
  })
})

describe.skipIf('cannot' in server)('a replica whose database is away for a while', () => {
  it('goes on with its rotation once the database is back', async () => {
    const env = await newEnv()
    const url = new URL(env.DATABASE_URL)
    const proxy = await TcpProxy.to(Number(url.port))
    url.port = String(proxy.port)
    const hub = await startHub(temporaryData(), { ...env, DATABASE_URL: url.href })
    await hub.ring(ring, { lease: 2 })
    const silent = await silentInstance(hub, ring)
    const as = await hub.token('operate')
    const { id } = viewIn(await hub.expect(202, `POST ${path}/rotations`, { as, body: graceful }))
    await proxy.cut()
    await expect.poll(() => hub.hub.rotations.running).toEqual([])
    await hub.refused('ERR_STORE_UNREACHABLE', `GET ${path}/rotations/${id}`, { as })
    await proxy.restore()
    await expect.poll(async () => (await hub.call(`GET ${path}/rotations/${id}`, { as })).status).toBe(200)
    expect(viewIn(await hub.call(`GET ${path}/rotations/${id}`, { as }))).toMatchObject({ state: 'running' })
    const done = await silent.while(hub.ended(path, id, as))
    expect(done).toMatchObject({ id, state: 'done', problem: null })
    expect(done.events.map(({ type }) => type)).toContain('resumed')
  })
})
