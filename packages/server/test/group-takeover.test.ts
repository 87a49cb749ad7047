/** A replica that dies while it rotates several environments: they are finished everywhere, or dropped everywhere. */
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import type { RotationView } from '../src/rotations/rotation-view.ts'
import { alone, rings, rotations, viewsIn } from './application-hub.ts'
import { childHub } from './child-hub.ts'
import { embeddedPostgres } from './postgres.ts'
import { pathOf, startHub, temporaryData, viewIn, type TestHub } from './running-hub.ts'
import { SilentInstance, silentInstance } from './silent-instance.ts'
import { TcpProxy } from './tcp-proxy.ts'

const server = await embeddedPostgres()
const [ring] = rings
const body = { ...alone, timeout: 20_000 }

/** What is recorded of each ring. */
async function ended(hub: TestHub): Promise<readonly RotationView[]> {
  await expect
    .poll(async () => (await hub.hub.records.running()).map(view => [view.ring, view.phase]))
    .toEqual([])
  return (await Promise.all(rings.map(each => hub.hub.records.list(each, 10)))).flat()
}
const active = async (hub: TestHub): Promise<readonly (string | undefined)[]> =>
  Promise.all(
    rings.map(async each => (await hub.document(each)).keys.find(({ state }) => state === 'active')?.kid),
  )

/** A hub with three rings is killed at that point of their rotation, and started again on the same folder. */
async function killedAt(point: string) {
  const data = temporaryData()
  const first = await startHub(data)
  for (const each of rings) await first.ring(each)
  const before = await active(first)
  await first.close()
  const child = await childHub(data, ring, { KEYTURN_FAILPOINT: point })
  // It may be gone before it answers.
  await child.client.call(rotations, { as: child.admin, body }).catch(() => undefined)
  await child.gone
  const hub = await startHub(data)
  return { hub, before, views: await ended(hub) }
}

describe('a replica that rotates several environments', () => {
  it.each(['rotate.before-stage:1', 'rotate.after-stage:1', 'rotate.after-stage:2', 'rotate.after-stage:3'])(
    'dies at %s: nothing is activated anywhere, and nothing stays staged',
    async point => {
      const { hub, before, views } = await killedAt(point)
      expect(await active(hub)).toEqual(before)
      expect(views.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
      for (const each of rings)
        expect(await hub.document(each)).toMatchObject({ operation: null, keys: { length: 1 } })
      const [group] = views.map(view => view.group)
      const staged = Number(/after-stage:(\d)/.exec(point)?.[1] ?? 0)
      const dropped = views.filter(({ problem }) => problem?.code === 'ERR_RING_GATE_SHUT')
      expect(dropped).toHaveLength(staged)
      for (const { problem } of dropped) expect(problem?.detail).toContain('dropped in every environment')
      expect(await hub.hub.records.decisions.find(group ?? '')).toBe('drop')
      const as = await hub.token('operate')
      const again = await hub.expect(202, rotations, { as, body })
      for (const { ring: each, id } of viewsIn(again))
        expect(await hub.ended(pathOf(each), id, as)).toMatchObject({ state: 'done' })
    },
  )

  it.each(['rotate.gate-open:1', 'rotate.after-activate:1', 'rotate.after-activate:2'])(
    'dies at %s: all are activated',
    async point => {
      const { hub, before, views } = await killedAt(point)
      expect(views.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
      expect(new Set(views.map(view => view.group)).size).toBe(1)
      const after = await active(hub)
      expect(after).toEqual(views.map(({ kid }) => kid))
      expect(after.filter(kid => before.includes(kid))).toEqual([])
      for (const each of rings) expect((await hub.document(each)).operation).toBeNull()
    },
  )

  it('stops at a gate: with the next start all are dropped', async () => {
    const data = temporaryData()
    const first = await startHub(data)
    for (const each of rings) await first.ring(each)
    const before = await active(first)
    await silentInstance(first, 'immonow/staging')
    await first.expect(202, rotations, { as: await first.token('operate'), body })
    await first.close()
    const hub = await startHub(data)
    expect((await ended(hub)).map(({ state, problem }) => [state, problem?.code])).toEqual(
      rings.map(() => ['failed', 'ERR_RING_GATE_SHUT']),
    )
    expect(await active(hub)).toEqual(before)
    for (const each of rings) expect((await hub.document(each)).operation).toBeNull()
  })

  it('only stood still: what another one has dropped it drops as well, and activates nowhere', async () => {
    const hub = await startHub()
    for (const each of rings) await hub.ring(each)
    const before = await active(hub)
    const silent = await silentInstance(hub, 'immonow/staging')
    const as = await hub.token('operate')
    const views = viewsIn(await hub.expect(202, rotations, { as, body }))
    await hub.hub.records.decisions.decide(views[0]?.group ?? '', 'drop')
    const failed = await silent.while(
      Promise.all(views.map(each => hub.ended(pathOf(each.ring), each.id, as))),
    )
    expect(failed.map(({ problem }) => problem?.code)).toEqual(rings.map(() => 'ERR_RING_CONFLICT'))
    expect(await active(hub)).toEqual(before)
    // It may have staged them after the other one looked, so nobody else would.
    for (const each of rings)
      expect(await hub.document(each)).toMatchObject({ operation: null, keys: { length: 1 } })
    const one = viewIn(await hub.expect(202, `POST ${pathOf(ring)}/rotations`, { as, body }))
    expect(await hub.ended(pathOf(ring), one.id, as)).toMatchObject({ state: 'done', group: null })
  })
})

describe.skipIf('cannot' in server)('of two replicas, the one that rotates several environments', () => {
  const newEnv = async () => {
    if ('cannot' in server) throw new Error(server.cannot)
    return { DATABASE_URL: server.url(await server.createDatabase()), KEYTURN_MASTER_KEY: generateSecret() }
  }

  it('is killed at a gate: the other one drops all', async () => {
    const env = await newEnv()
    const survivor = await startHub(temporaryData(), env)
    for (const each of rings) await survivor.ring(each)
    const before = await active(survivor)
    const { client, kill, admin: as, instance } = await childHub(temporaryData(), ring, env)
    await new SilentInstance(client, ring, instance, 'silent-1').acknowledge()
    await client.expect(202, rotations, { as, body })
    await kill()
    expect((await ended(survivor)).map(({ problem, replica }) => [problem?.code, replica])).toEqual(
      rings.map(() => ['ERR_RING_GATE_SHUT', survivor.hub.replicas.id]),
    )
    expect(await active(survivor)).toEqual(before)
  })

  it('is killed after the first activation: the other one finishes all', async () => {
    const env = await newEnv()
    const survivor = await startHub(temporaryData(), env)
    for (const each of rings) await survivor.ring(each)
    const before = await active(survivor)
    const point = { KEYTURN_FAILPOINT: 'rotate.after-activate:1' }
    const { client, gone, admin: as } = await childHub(temporaryData(), ring, { ...env, ...point })
    await client.call(rotations, { as, body }).catch(() => undefined)
    await gone
    const views = await ended(survivor)
    expect(views.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    expect((await active(survivor)).filter(kid => before.includes(kid))).toEqual([])
  })
  it('loses its database at a gate: it drops all once the database is back', async () => {
    const env = await newEnv()
    const url = new URL(env.DATABASE_URL)
    const proxy = await TcpProxy.to(Number(url.port))
    url.port = String(proxy.port)
    const hub = await startHub(temporaryData(), { ...env, DATABASE_URL: url.href })
    for (const each of rings) await hub.ring(each)
    const before = await active(hub)
    await silentInstance(hub, 'immonow/staging')
    await hub.expect(202, rotations, { as: await hub.token('operate'), body })
    await proxy.cut()
    await expect.poll(() => hub.hub.rotations.running).toEqual([])
    await proxy.restore()
    await expect.poll(() => hub.hub.isReachable).toBe(true)
    expect((await ended(hub)).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
    expect(await active(hub)).toEqual(before)
    for (const each of rings) expect((await hub.document(each)).operation).toBeNull()
  })
})
