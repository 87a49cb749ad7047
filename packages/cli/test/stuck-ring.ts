/** makeStuckRing: a ring with an instance that never acknowledges: a lease without a process behind it. */
import { noCounters } from 'keyturn/ports'
import { expect } from 'vitest'
import type { RunningHub } from './running-hub.ts'

export async function makeStuckRing(hub: RunningHub, ring: string): Promise<{ release(): Promise<void> }> {
  await hub.run(['init', '--ring', ring])
  const token = await hub.tokenFor(`instance:${ring}`)
  const at = `${hub.url}/v1/rings/${encodeURIComponent(ring)}/leases/stuck`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const lease = {
    v: 1,
    instance: 'stuck',
    ring,
    epoch: 0,
    generation: 1,
    kids: [],
    proofs: {},
    process: { host: 'elsewhere', boot: 'x', namespace: '', pid: 1, start: '1' },
    startedAt: Date.now(),
    sentAt: Date.now(),
    counters: noCounters,
    role: 'instance',
  }
  const put = await fetch(at, { method: 'PUT', headers, body: JSON.stringify(lease) })
  expect(put.status).toBe(204)
  return {
    release: async () =>
      void (await fetch(at, { method: 'DELETE', headers: { authorization: headers.authorization } })),
  }
}
