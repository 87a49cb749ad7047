/** Idempotency-Key: a request that is sent again is done once, also when its answer was lost. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RotationView } from '../src/rotations/rotation-view.ts'
import { pathOf, startHub, type Answer, type TestHub, viewIn } from './running-hub.ts'
import { silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const rotations = `POST ${path}/rotations`
const reason = 'because of the test'
const graceful = { mode: 'graceful', reason } as const

async function newHub() {
  const hub = await startHub()
  await hub.ring(ring)
  return { hub, as: await hub.token('operate') }
}

/** A rotation that is done, and how to ask for it again. */
async function doneOnce() {
  const { hub, as } = await newHub()
  const call = { as, headers: { 'idempotency-key': 'one' }, body: { reason, mode: 'hard', noFleet: true } }
  const { id } = viewIn(await hub.expect(202, rotations, call))
  await hub.ended(path, id, as)
  return { hub, call, id, db: hub.hub.database.db }
}

const listed = async (hub: TestHub): Promise<readonly RotationView[]> => hub.hub.records.list(ring, 50)

describe('an Idempotency-Key', () => {
  it('makes one rotation of twenty requests, and gives one answer', async () => {
    const { hub, as } = await newHub()
    await silentInstance(hub, ring)
    const headers = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => hub.expect(202, rotations, { as, headers, body: graceful })),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(new Set(answers.map(each => each.headers.location)).size).toBe(1)
    expect(answers[0]?.headers.location).toBe(`${path}/rotations/${viewIn(answers[0] as Answer).id}`)
    expect(await listed(hub)).toHaveLength(1)
    expect((await hub.document(ring)).generation).toBe(2)
  })

  it('belongs to one request of one caller', async () => {
    const { hub, as } = await newHub()
    const headers = { 'idempotency-key': 'one' }
    const body = { reason, mode: 'hard', noFleet: true }
    const first = viewIn(await hub.expect(202, rotations, { as, headers, body }))
    await hub.ended(path, first.id, as)
    for (const other of [{ ...body, reason: 'another' }, graceful])
      await hub.refused('ERR_REQUEST_IDEMPOTENCY', rotations, { as, headers, body: other })
    await hub.refused('ERR_REQUEST_IDEMPOTENCY', `POST ${path}/rollbacks`, { as, headers, body: { reason } })
    const again = await hub.expect(202, rotations, { as, headers, body })
    expect(viewIn(again).id).toBe(first.id)
    const another = await hub.expect(202, rotations, { as: await hub.token('operate'), headers, body })
    expect(viewIn(another).id).not.toBe(first.id)
  })

  it('is free again after a refusal', async () => {
    const { hub, as } = await newHub()
    const headers = { 'idempotency-key': 'one' }
    await hub.refused('ERR_RING_NO_INSTANCES', rotations, { as, headers, body: graceful })
    await silentInstance(hub, ring)
    await hub.expect(202, rotations, { as, headers, body: graceful })
  })

  it('finds the rotation again when its answer was lost with the hub', async () => {
    const { hub, call, id, db } = await doneOnce()
    await db.updateTable('idempotency').set({ status: null, body: null, created_at: 1 }).execute()
    const again = await hub.expect(202, rotations, call)
    expect(viewIn(again).id).toBe(id)
    expect(await listed(hub)).toHaveLength(1)
  })

  it('waits for nobody that is gone: another replica begins at once', async () => {
    const { hub, call, id, db } = await doneOnce()
    await db.updateTable('idempotency').set({ status: null, body: null, replica: 'gone' }).execute()
    const again = await hub.expect(202, rotations, call)
    expect(viewIn(again).id).toBe(id)
    const row = await db.selectFrom('idempotency').select(['status', 'replica']).executeTakeFirst()
    expect(row).toEqual({ status: 202, replica: hub.hub.replicas.id })
  })

  it('keeps a fresh token only sealed', async () => {
    const { hub } = await newHub()
    const as = await hub.token('admin')
    const headers = { 'idempotency-key': 'one' }
    const body = { name: 'deploy', scopes: ['read'] }
    const first = await hub.expect(201, 'POST /v1/tokens', { as, headers, body })
    expect((await hub.expect(201, 'POST /v1/tokens', { as, headers, body })).json).toEqual(first.json)
    const rows = await hub.hub.database.db.selectFrom('idempotency').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(first.json['token'])
  })
})
