/** An instance is a process: each worker of a cluster, and each keyring in one, has a lease of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createKeyring } from 'keyturn'
import { hub as hubSource } from 'keyturn/stores/hub'
import { describe, expect, it, onTestFinished } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { hubOfFile } from '../../support/hub.ts'
import { until } from '../../support/project.ts'

const limits = { maxTokenLife: 600, maxStale: 120, tolerance: 2, grace: 900, hold: 900, lease: 4 }
const application = fileURLToPath(new URL('./cluster-of-keyrings.js', import.meta.url))
const server = await embeddedPostgres()
const hub = hubOfFile(server, 1)

describe.skipIf('cannot' in server)('a cluster of three workers', () => {
  it('shows three leases; one worker that hangs keeps the gate shut, and is named', async () => {
    const ring = await hub().ring(limits)
    const child = spawn(process.execPath, [application], {
      env: { PATH: process.env['PATH'], ...ring.env() },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await once(child, 'close')
    })
    await once(child.stdout, 'data')
    const fleet = await ring.fleet()
    expect(fleet.map(({ standing }) => standing)).toEqual(Array(3).fill('acknowledged'))
    expect(new Set(fleet.map(({ process }) => process.pid)).size).toBe(3)

    const [hung] = fleet
    const pid = hung?.process.pid ?? expect.unreachable()
    process.kill(pid, 'SIGSTOP')
    onTestFinished(() => void process.kill(pid, 'SIGKILL'))
    const { id } = await ring.begin('/rotations')
    const view = await until(
      () =>
        ring.expect<{ events: { acknowledged?: number; counting?: number; missing?: object[] }[] }>(
          'GET',
          `/rotations/${id}`,
        ),
      ({ events }) => events.at(-1)?.acknowledged === 2,
    )
    expect(view.events.at(-1)).toMatchObject({ counting: 3, missing: [{ instance: hung?.instance }] })
    process.kill(pid, 'SIGCONT')
    expect(await ring.ended(id)).toMatchObject({ state: 'done', outcome: { acknowledged: 3 } })
  })

  it('is no other than three keyrings in one process: each proves for itself', async () => {
    const ring = await hub().ring(limits)
    const source = hubSource({ url: hub().url, ring: ring.name, token: ring.token })
    const keyrings = await Promise.all([1, 2, 3].map(() => createKeyring({ source, log: () => undefined })))
    onTestFinished(async () => void (await Promise.all(keyrings.map(keyring => keyring.close()))))
    const { outcome } = await ring.done('/rotations')
    expect(outcome?.acknowledged).toBe(3)
    const fleet = await ring.fleet()
    expect(new Set(fleet.map(({ instance }) => instance)).size).toBe(3)
    expect(new Set(fleet.map(({ process: { pid } }) => pid))).toEqual(new Set([process.pid]))
  })
})
