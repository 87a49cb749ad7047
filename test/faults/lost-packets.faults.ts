/** Packets between a replica and its database get lost: nobody is told, and no connection is closed. */
import { execFileSync } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { embeddedPostgres, type PostgresServer } from '../../packages/server/test/postgres.ts'
import { TcpProxy } from '../../packages/server/test/tcp-proxy.ts'
import { TestHub } from '../support/hub.ts'
import { until } from '../support/project.ts'
import { signedIn, startFleet } from '../system/hub/fleet.ts'
import { Load } from '../system/hub/load.ts'

const limits = { maxTokenLife: 600, maxStale: 300, tolerance: 2, grace: 1200, hold: 900, lease: 45 }
const server = await embeddedPostgres()
const postgres = (): PostgresServer => {
  if ('cannot' in server) throw new Error(server.cannot)
  return server
}

/** Both directions of one port of this machine. Returns what takes the rules away. */
function dropPackets(port: number): () => void {
  const iptables = process.env['KEYTURN_IPTABLES'] ?? 'iptables'
  const rules = ['--dport', '--sport'].map(
    side => ['OUTPUT', '-o', 'lo', '-p', 'tcp', side, String(port), '-j', 'DROP'] as const,
  )
  let isIn = true
  for (const rule of rules) execFileSync(iptables, ['-w', '-I', ...rule])
  const restore = (): void => {
    if (!isIn) return
    isIn = false
    for (const rule of rules) execFileSync(iptables, ['-w', '-D', ...rule])
  }
  onTestFinished(restore)
  return restore
}

describe.skipIf('cannot' in server)('packets between a replica and PostgreSQL that are dropped', () => {
  it('cost nobody a request; a rotation waits for the instances of that replica, and ends when the packets are back', async () => {
    const hub = await TestHub.on(postgres(), { replicas: 1 })
    // A port of its own for the way of this replica alone.
    const proxy = await TcpProxy.to(postgres().port)
    const url = new URL(hub.env['DATABASE_URL'] ?? '')
    url.port = String(proxy.port)
    const apart = await hub.start({ env: { DATABASE_URL: url.href }, isBalanced: false })
    const ring = await hub.ring(limits)
    const fleet = await startFleet(ring, [hub.url, apart.url])
    const load = new Load(fleet)
    await load.signIn(2)
    load.start({ loops: 2, wait: 100 })

    const restore = dropPackets(proxy.port)
    const { id } = await ring.begin('/rotations', { timeout: 180_000 })
    const far = (await ring.fleet()).find(({ process }) => process.pid === fleet[1].pid)
    const waiting = await until(
      () => ring.expect<{ events: { missing?: { instance: string }[] }[] }>('GET', `/rotations/${id}`),
      ({ events }) => events.at(-1)?.missing?.length === 1,
    )
    expect(waiting.events.at(-1)?.missing?.[0]?.instance).toBe(far?.instance)
    const answer = await ring.ask('GET', '/keyring', { at: apart.url, token: ring.token })
    expect(answer).toMatchObject({ status: 503, code: 'ERR_STORE_UNREACHABLE' })
    restore()
    expect(await ring.ended(id)).toMatchObject({ id, state: 'done', problem: null })
    await load.stop()
    expect(load.refusals).toEqual([])
    const visitor = await signedIn(fleet[0])
    expect(visitor.token).not.toBe('')
  })
})
