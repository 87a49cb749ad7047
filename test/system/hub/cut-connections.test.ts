/** Instances whose connection to the hub loses things: they converge by asking, and prove nothing that they do not hold. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { TcpProxy } from '../../../packages/server/test/tcp-proxy.ts'
import { hubOfFile } from '../../support/hub.ts'
import { until } from '../../support/project.ts'
import { signedIn, startFleet } from './fleet.ts'
import { Load } from './load.ts'

const isFull = process.env['KEYTURN_FAULTS'] === 'full'
const limits = { maxTokenLife: 600, maxStale: 120, tolerance: 2, grace: 900, hold: 900, lease: 16 }
/** Milliseconds: a quarter of the lease. */
const poll = 4_000
const server = await embeddedPostgres()
const hub = hubOfFile(server)

describe.skipIf('cannot' in server)('an instance whose connection to the hub', () => {
  it('loses every event converges by its poll, and the gate waits for it', async () => {
    const ring = await hub().ring(limits)
    const proxy = await TcpProxy.to(hub().balancer.port)
    let dropped = 0
    proxy.watch({
      reply: chunk => {
        if (!chunk.includes('event: ring')) return true
        dropped += 1
        return false
      },
    })
    const [, deaf] = await startFleet(ring, [hub().url, `http://127.0.0.1:${proxy.port}`])
    const visitor = await signedIn(deaf)
    dropped = 0
    const started = performance.now()
    const view = await ring.done('/rotations')
    // Heard of by nothing but the poll: once at the gate, and once more for the confirmation.
    expect(performance.now() - started).toBeGreaterThan(poll / 2)
    expect(dropped).toBeGreaterThan(0)
    const { instance } =
      (await ring.fleet()).find(({ process }) => process.pid === deaf.pid) ?? expect.unreachable()
    const waitedFor = view.events.map(({ missing }) => missing?.map(each => each.instance))
    expect(waitedFor).toContainEqual([instance])
    expect((await ring.fleet()).map(({ standing }) => standing)).toEqual(['acknowledged', 'acknowledged'])
    expect((await visitor.me(deaf.url)).status).toBe(200)
  })

  it(`is half open asks on a fresh one${isFull ? ', and opens its stream again after three heartbeats' : ''}: nobody is refused`, async () => {
    const ring = await hub().ring(limits)
    const proxy = await TcpProxy.to(hub().balancer.port)
    const fleet = await startFleet(ring, [hub().url, `http://127.0.0.1:${proxy.port}`])
    const load = new Load(fleet)
    await load.signIn(2)
    load.start({ loops: 2, wait: 100 })
    const streams = async (): Promise<number> => {
      const texts = await Promise.all(
        hub().replicas.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
      )
      return texts
        .flatMap(text => text.split('\n'))
        .filter(line => line.startsWith('keyturn_hub_streams') && line.includes(ring.name))
        .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
    }
    await until(streams, count => count === 2)
    // Nothing is closed, and nothing comes through any more.
    proxy.silence()
    const open = proxy.connections
    expect(open).toBeGreaterThan(0)
    await ring.done('/rotations', { force: true })
    if (isFull) {
      // Nothing but a read deadline tells: 45 s, and up to a second until the next try.
      await until(
        async () => {
          const from = performance.now()
          await ring.done('/rotations', { force: true })
          await pause(2000)
          return performance.now() - from
        },
        took => took < 2000 + poll / 2,
        120_000,
      )
    }
    await load.stop()
    expect(load.refusals).toEqual([])
  })

  it('swallows its leases keeps the gate shut and is named, until it is waived, which the trail tells', async () => {
    const ring = await hub().ring({ ...limits, lease: 4 })
    const proxy = await TcpProxy.to(hub().balancer.port)
    const [near, mute] = await startFleet(ring, [hub().url, `http://127.0.0.1:${proxy.port}`])
    const visitor = await signedIn(mute)
    proxy.watch({ request: chunk => !chunk.includes('PUT /v1/') })
    const shut = await ring.ended((await ring.begin('/rotations', { timeout: 7000 })).id)
    expect(shut).toMatchObject({ state: 'failed', problem: { code: 'ERR_GATE_TIMEOUT', exit: 7 } })
    const { instance } =
      (await ring.fleet()).find(({ process }) => process.pid === mute.pid) ?? expect.unreachable()
    expect(shut.problem?.detail).toContain(`nothing was activated: ${instance} is lost`)
    expect((await ring.document()).keys.map(({ state }) => state).sort()).toEqual(['active', 'staged'])

    const path = `/fleet/${encodeURIComponent(instance)}/forget`
    await ring.expect('POST', path, { body: { reason: 'it never acknowledges' } })
    const { id } = await ring.begin('/rotations/resume')
    expect(await ring.ended(id)).toMatchObject({ id: shut.id, state: 'done', problem: null })
    const { entries } = await ring.trail()
    expect(entries.find(({ action }) => action === `fleet.forget:${instance}`)?.reason).toBe(
      'it never acknowledges',
    )
    // It still reads, so it still serves, with the new key too.
    const after = await signedIn(near)
    for (const person of [visitor, after])
      await until(
        () => person.me(mute.url),
        ({ status }) => {
          expect(status).not.toBe(401)
          return status === 200
        },
      )
  })
})
