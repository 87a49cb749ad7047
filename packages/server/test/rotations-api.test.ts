/** Rotations over the API: begun, followed, refused, resumed, dropped. */
import { describe, expect, it } from 'vitest'
import type { RotationView } from '../src/rotations/rotation-view.ts'
import { pathOf, startHub, type TestHub, viewIn } from './running-hub.ts'
import { silence, silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const rotations = `POST ${path}/rotations`
const reason = 'because of the test'
const graceful = { mode: 'graceful', reason } as const

const types = ({ events }: RotationView): string[] => events.map(({ type }) => type)

async function newHub(limits?: object) {
  const hub = await startHub()
  await hub.ring(ring, limits)
  return { hub, as: await hub.token('operate') }
}

const listed = async (hub: TestHub): Promise<readonly RotationView[]> => {
  const { json } = await hub.expect(200, `GET ${path}/rotations`, { as: await hub.token('read') })
  return json['rotations'] as RotationView[]
}

describe('a rotation', () => {
  it('goes from the first step to the last confirmation, and everybody can follow it', async () => {
    const { hub, as } = await newHub()
    const keyrings = await hub.keyrings(ring, 2)
    const before = keyrings[0]?.activeKid
    const started = await hub.expect(202, rotations, { as, body: { ...graceful, cause: 'scheduled' } })
    const first = viewIn(started)
    expect(started.headers.location).toBe(`${path}/rotations/${first.id}`)
    expect(first).toMatchObject({ ring, kind: 'rotation', mode: 'graceful', state: 'running', reason })
    expect(first).toMatchObject({ cause: 'scheduled', outcome: null, problem: null, endedAt: null })
    expect(first.actor).toMatch(/^token test \(/)
    const done = await hub.ended(path, first.id, await hub.token('read'))
    expect(done).toMatchObject({ id: first.id, state: 'done', phase: 'ended', generation: 3, problem: null })
    expect(done.outcome).toMatchObject({ generation: 3, acknowledged: 2, cutoff: 0 })
    expect(types(done).filter(type => type === 'staged' || type === 'activated')).toEqual([
      'staged',
      'activated',
    ])
    expect(done.events.map(({ n }) => n)).toEqual(done.events.map((_, index) => index + 1))
    for (const { activeKid } of keyrings) expect(activeKid).toBe(done.kid)
    expect(done.kid).not.toBe(before)
    // In a list without the names of instances.
    expect(done.events.flatMap(({ confirmed = [] }) => confirmed).length).toBeGreaterThanOrEqual(2)
    const named = done.events.map(({ missing: _, confirmed: __, ...event }) => event)
    expect(await listed(hub)).toEqual([{ ...done, events: named }])
    const { document } = (await hub.expect(200, `GET ${path}`, { as })).json as {
      document: { operation: unknown }
    }
    expect(document.operation).toBeNull()
  })

  it('is told of at once to who waits for news, and after a while to who waits in vain', async () => {
    const { hub, as } = await newHub()
    const instance = await silentInstance(hub, ring)
    const { id } = viewIn(await hub.expect(202, rotations, { as, body: graceful }))
    const gate = async (): Promise<RotationView> =>
      viewIn(await hub.expect(200, `GET ${path}/rotations/${id}?wait=1000&seen=1`, { as }))
    const shut = await gate()
    expect(shut).toMatchObject({ state: 'running', phase: 'gate' })
    expect(shut.events.at(-1)).toMatchObject({ type: 'gate', acknowledged: 0, counting: 1 })
    expect(shut.events.at(-1)?.missing).toMatchObject([{ instance: 'silent-1' }])
    const seen = shut.events.at(-1)?.n
    const still = viewIn(await hub.expect(200, `GET ${path}/rotations/${id}?wait=300&seen=${seen}`, { as }))
    expect(still.events.at(-1)?.n).toBe(seen)
    const news = hub.expect(200, `GET ${path}/rotations/${id}?wait=20000&seen=${seen}`, { as })
    await instance.acknowledge()
    expect(viewIn(await news).events.at(-1)?.n).toBeGreaterThan(seen ?? 0)
    await expect.poll(async () => (await hub.document(ring)).operation).toBeNull()
    await instance.acknowledge()
    expect((await hub.ended(path, id, as)).state).toBe('done')
  })

  it('is another ring’s under that ring alone', async () => {
    const { hub, as } = await newHub()
    await hub.ring('immonow/staging')
    await silentInstance(hub, ring)
    const { id } = viewIn(await hub.expect(202, rotations, { as, body: graceful }))
    const elsewhere = `GET ${pathOf('immonow/staging')}/rotations/${id}?wait=20000&seen=99`
    await hub.refused('ERR_ROTATION_NOT_FOUND', elsewhere, { as })
  })

  it('is refused before anything has changed, and leaves no trace', async () => {
    const { hub, as } = await newHub()
    const refused = async (code: string, body: object): Promise<void> => {
      const before = await hub.document(ring)
      const known = await listed(hub)
      await hub.refused(code, rotations, { as, body })
      expect(await hub.document(ring)).toEqual(before)
      expect(await listed(hub)).toEqual(known)
    }
    await refused('ERR_RING_NO_INSTANCES', graceful)
    await refused('ERR_RING_PLAN', { ...graceful, noFleet: true, plan: 'graceful-1-1-000000000000' })
    const { id } = viewIn(await hub.expect(202, rotations, { as, body: { ...graceful, noFleet: true } }))
    await hub.ended(path, id, as)
    await refused('ERR_RING_RETIRING', { ...graceful, noFleet: true })
    const instance = await silentInstance(hub, ring)
    const forced = viewIn(await hub.expect(202, rotations, { as, body: { ...graceful, force: true } }))
    await refused('ERR_RING_OPERATION', { reason, mode: 'hard' })
    await hub.refused('ERR_RING_OPERATION', `POST ${path}/rollbacks`, { as, body: { reason } })
    await hub.expect(200, `POST ${path}/rotations/abort`, { as, body: { reason } })
    const dropped = await hub.ended(path, forced.id, as)
    expect(dropped).toMatchObject({ state: 'failed', problem: { code: 'ERR_RING_CONFLICT' } })
    await instance.acknowledge()
    expect((await hub.document(ring)).operation).toBeNull()
  })

  it('goes on after its gate stayed shut, under the same id', async () => {
    const { hub, as } = await newHub()
    const instance = await silentInstance(hub, ring)
    const body = { ...graceful, timeout: 200 }
    const { id } = viewIn(await hub.expect(202, rotations, { as, body }))
    const failed = await hub.ended(path, id, as)
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'ERR_GATE_TIMEOUT', exit: 7 } })
    expect(failed.problem?.detail).toContain('silent-1')
    expect((await hub.document(ring)).operation?.id).toBe(id)
    const resumed = await hub.expect(202, `POST ${path}/rotations/resume`, { as, body: {} })
    expect(viewIn(resumed)).toMatchObject({ id, state: 'running', startedAt: failed.startedAt, reason })
    const done = await instance.while(hub.ended(path, id, as))
    expect(done).toMatchObject({ state: 'done', kid: failed.kid, problem: null })
    expect(types(done)).toContain('resumed')
    expect(done.events.map(({ n }) => n)).toEqual(done.events.map((_, index) => index + 1))
    expect(await listed(hub)).toHaveLength(1)
  })

  it('is not disturbed by somebody who would resume it', async () => {
    const { hub, as } = await newHub()
    await silentInstance(hub, ring)
    const { id } = viewIn(await hub.expect(202, rotations, { as, body: graceful }))
    for (let tries = 0; tries < 3; tries += 1)
      await hub.refused('ERR_RING_OPERATION', `POST ${path}/rotations/resume`, { as, body: {} })
    const view = viewIn(await hub.expect(200, `GET ${path}/rotations/${id}`, { as }))
    expect(view).toMatchObject({ id, state: 'running', problem: null })
    expect((await hub.hub.records.find(id))?.state).toBe('running')
  })

  it('waits for a lost instance until it is waived by name', async () => {
    const { hub, as } = await newHub()
    const [one, other] = [await silentInstance(hub, ring), await silentInstance(hub, ring, 'silent/2')]
    const forget = `POST ${path}/fleet/silent%2F2/forget`
    await hub.refused('ERR_RING_INSTANCE_ALIVE', forget, { as, body: { reason } })
    const { id } = viewIn(await hub.expect(202, rotations, { as, body: graceful }))
    await silence(hub, other.instance, 60)
    await one.acknowledge()
    await expect
      .poll(async () => (await hub.expect(200, `GET ${path}/fleet/silent%2F2`, { as })).json['standing'])
      .toBe('lost')
    expect((await hub.document(ring)).operation?.id).toBe(id)
    const waived = await hub.expect(200, forget, { as, body: { reason } })
    expect(waived.json).toEqual({ ring, generation: 3 })
    const done = await one.while(hub.ended(path, id, as))
    expect(done.outcome).toMatchObject({ acknowledged: 1 })
    await hub.refused('ERR_RING_INSTANCE_NOT_FOUND', forget, { as, body: { reason } })
  })

  it('is applied exactly as planned, and not any more once the ring has moved', async () => {
    const { hub, as } = await newHub()
    const planned = await hub.expect(200, `POST ${path}/plans`, {
      as,
      body: { kind: 'rotation', mode: 'hard' },
    })
    expect(planned.json).toMatchObject({
      ring,
      generation: 1,
      mode: 'hard',
      sessionsEnded: 'all',
      signs: 'new',
    })
    const plan = planned.json['id'] as string
    expect((await hub.document(ring)).generation).toBe(1)
    const hard = { reason, mode: 'hard', noFleet: true, plan }
    await hub.refused('ERR_RING_PLAN', rotations, { as, body: { ...hard, mode: 'graceful' } })
    const { id } = viewIn(await hub.expect(202, rotations, { as, body: hard }))
    expect(await hub.ended(path, id, as)).toMatchObject({ state: 'done', mode: 'hard' })
    await hub.refused('ERR_RING_PLAN', rotations, { as, body: hard })
    const back = await hub.expect(200, `POST ${path}/plans`, { as, body: { kind: 'rollback' } })
    expect(back.json).toMatchObject({ mode: 'rollback', sessionsRestored: true, direct: false })
    await hub.refused('ERR_RING_PLAN', `POST ${path}/plans`, { as, body: { kind: 'rollback', plan } })
  })

  it('refuses no valid token while five instances follow it', async () => {
    const { hub, as } = await newHub()
    const keyrings = await hub.keyrings(ring, 5)
    let [verified, refusals] = [0, 0]
    const over = new AbortController()
    const using = keyrings.map(async (keyring, index) => {
      while (!over.signal.aborted) {
        const token = keyring.sign({ sub: `user-${index}` }, { expiresIn: '5m' })
        await new Promise(setImmediate)
        for (const verifier of keyrings) {
          const accepted = await verifier.authenticate(token).then(
            () => true,
            () => false,
          )
          if (accepted) verified += 1
          else refusals += 1
        }
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    })
    for (let count = 1; count <= 3; count += 1) {
      const body = { ...graceful, force: true }
      const { id } = viewIn(await hub.expect(202, rotations, { as, body }))
      expect(await hub.ended(path, id, as)).toMatchObject({ state: 'done', outcome: { acknowledged: 5 } })
    }
    over.abort()
    await Promise.all(using)
    expect(refusals).toBe(0)
    expect(verified).toBeGreaterThan(100)
  })
})
