/** All environments of an application over the API: all are activated, or none. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  alone,
  applicationHub,
  documentsOf,
  ended,
  otherRing,
  reason,
  rings,
  rotations,
  viewsIn,
} from './application-hub.ts'
import { pathOf, type TestHub } from './running-hub.ts'
import { silentInstance } from './silent-instance.ts'

/** Nothing is staged, what signed signs, and no rotation is recorded but those named. */
async function untouched(
  hub: TestHub,
  kids: readonly string[],
  known: readonly string[] = [],
): Promise<void> {
  const documents = await documentsOf(hub)
  expect(documents.map(({ operation }) => operation)).toEqual(documents.map(() => null))
  expect(documents.map(({ keys }) => keys.map(({ kid }) => kid))).toEqual(kids.map(kid => [kid]))
  const listed = await Promise.all(rings.map(ring => hub.hub.records.list(ring, 10)))
  expect(
    listed
      .flat()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...known].sort())
}
const kidsOf = async (hub: TestHub): Promise<readonly string[]> =>
  (await documentsOf(hub)).map(({ keys }) => keys[0]?.kid ?? '')

describe('all environments of an application', () => {
  it('are rotated together, each with a rotation and a key of its own', async () => {
    const { hub, as } = await applicationHub()
    for (const ring of rings) await hub.keyrings(ring, 1)
    const before = await hub.document(otherRing)
    const started = viewsIn(
      await hub.expect(202, rotations, { as, body: { reason, mode: 'graceful', cause: 'scheduled' } }),
    )
    expect(started.map(({ ring }) => ring)).toEqual(rings)
    const [group] = started.map(view => view.group)
    expect(group).toMatch(/^[\w-]{12,}$/)
    for (const view of started)
      expect(view).toMatchObject({ group, reason, cause: 'scheduled', mode: 'graceful' })
    const done = await ended(hub, started)
    for (const view of done)
      expect(view).toMatchObject({ group, state: 'done', outcome: { acknowledged: 1 } })
    expect(new Set(done.map(({ kid }) => kid)).size).toBe(rings.length)
    expect(await hub.document(otherRing)).toEqual(before)
  })

  it('are not activated anywhere while one gate is shut', async () => {
    const { hub, as } = await applicationHub()
    const silent = await silentInstance(hub, 'immonow/staging')
    const started = viewsIn(await hub.expect(202, rotations, { as, body: alone }))
    // The gates of the two others are open.
    await expect
      .poll(async () => {
        const seen = await Promise.all(started.map(({ id }) => hub.hub.records.find(id)))
        return seen.map(view => view?.events.at(-1)?.type)
      })
      .toEqual(['gate', 'gate', 'gate'])
    for (const ring of rings) expect((await hub.document(ring)).operation?.mode).toBe('hard')
    const done = await silent.while(ended(hub, started))
    expect(done.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  })

  it('are all dropped when one gate stays shut', async () => {
    const { hub, as } = await applicationHub()
    await silentInstance(hub, 'immonow/staging')
    const kids = await kidsOf(hub)
    const started = viewsIn(await hub.expect(202, rotations, { as, body: { ...alone, timeout: 300 } }))
    const failed = await ended(hub, started)
    expect(failed.map(({ state, problem }) => [state, problem?.code])).toEqual([
      ['failed', 'ERR_RING_GATE_SHUT'],
      ['failed', 'ERR_GATE_TIMEOUT'],
      ['failed', 'ERR_RING_GATE_SHUT'],
    ])
    expect(failed[1]?.problem?.detail).toContain('silent-1')
    await untouched(
      hub,
      kids,
      started.map(({ id }) => id),
    )
  })

  it('are all dropped when somebody drops one, or a key of one has leaked', async () => {
    const { hub, as } = await applicationHub()
    await silentInstance(hub, 'immonow/test')
    const kids = await kidsOf(hub)
    const first = viewsIn(await hub.expect(202, rotations, { as, body: alone }))
    await hub.expect(200, `POST ${pathOf('immonow/staging')}/rotations/abort`, { as, body: { reason } })
    expect((await ended(hub, first)).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
    await untouched(
      hub,
      kids,
      first.map(({ id }) => id),
    )
    const second = viewsIn(await hub.expect(202, rotations, { as, body: alone }))
    const ring = 'immonow/production'
    await hub.expect(202, `POST ${pathOf(ring)}/emergency`, {
      as,
      body: { reason, confirm: ring, timeout: 200 },
    })
    expect((await ended(hub, second)).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
    for (const each of rings) expect((await hub.document(each)).operation).toBeNull()
    expect((await hub.document('immonow/staging')).keys[0]).toMatchObject({ kid: kids[1], state: 'active' })
  })

  it('are refused when one is, with its name, before anything has changed', async () => {
    const { hub, as } = await applicationHub()
    const kids = await kidsOf(hub)
    const refused = async (code: string, body: object, name: string): Promise<void> => {
      const before = await documentsOf(hub)
      const { json } = await hub.refused(code, rotations, { as, body })
      expect(json['detail']).toContain(name)
      expect(await documentsOf(hub)).toEqual(before)
    }
    await hub.keyrings('immonow/production', 1)
    await refused('ERR_RING_NO_INSTANCES', { reason }, 'immonow/staging')
    await refused('ERR_STORE_MISSING', { ...alone, environments: ['production', 'none'] }, 'immonow/none')
    await refused('ERR_CONFIG_LIMITS', { ...alone, mode: 'graceful', grace: 1 }, 'immonow/production')
    const settings = { [otherRing]: { alg: 'HS512' } }
    await refused('ERR_REQUEST_INVALID', { ...alone, settings }, otherRing)
    await hub.hub.database.db
      .updateTable('rings')
      .set({ halted: 'a lease is ahead' })
      .where('name', '=', 'immonow/test')
      .execute()
    await refused('ERR_RING_REGRESSED', alone, 'immonow/test: a lease is ahead')
    await untouched(hub, kids)
    const unknown = await hub.refused('ERR_STORE_MISSING', rotations.replace('immonow', 'immo'), {
      as,
      body: alone,
    })
    expect(unknown.status).toBe(404)
  })

  it('are refused while an operation runs in one of them', async () => {
    const { hub, as } = await applicationHub()
    await silentInstance(hub, 'immonow/staging')
    const one = `POST ${pathOf('immonow/staging')}/rotations`
    const { id } = (await hub.expect(202, one, { as, body: alone })).json
    const { json } = await hub.refused('ERR_RING_OPERATION', rotations, { as, body: alone })
    expect(json['detail']).toContain('immonow/staging')
    for (const ring of ['immonow/production', 'immonow/test'])
      expect((await hub.document(ring)).generation).toBe(1)
    expect((await hub.document('immonow/staging')).operation?.id).toBe(id)
  })

  it('are not gone on with one by one', async () => {
    const { hub, as } = await applicationHub()
    const kids = await kidsOf(hub)
    await silentInstance(hub, 'immonow/staging')
    const started = viewsIn(await hub.expect(202, rotations, { as, body: { ...alone, timeout: 2_000 } }))
    for (const what of ['rotations/resume', 'rotations', 'rollbacks'])
      await hub.refused('ERR_RING_OPERATION', `POST ${pathOf('immonow/test')}/${what}`, {
        as,
        body: what === 'rotations/resume' ? {} : { reason },
      })
    await ended(hub, started)
    await untouched(
      hub,
      kids,
      started.map(({ id }) => id),
    )
  })

  it('are those that are named, with settings of their own', async () => {
    const { hub, as } = await applicationHub()
    const body = {
      ...alone,
      environments: ['test', 'staging', 'test'],
      settings: { 'immonow/staging': { alg: 'HS512' } },
    }
    const done = await ended(hub, viewsIn(await hub.expect(202, rotations, { as, body })))
    expect(done.map(({ ring, state }) => [ring, state])).toEqual([
      ['immonow/staging', 'done'],
      ['immonow/test', 'done'],
    ])
    const algorithms = await Promise.all(
      rings.map(async ring => (await hub.document(ring)).keys.find(({ state }) => state === 'active')?.alg),
    )
    expect(algorithms).toEqual(['HS256', 'HS512', 'HS256'])
  })

  it('are rotated once by requests with one Idempotency-Key', async () => {
    const { hub, as } = await applicationHub()
    const call = { as, headers: { 'idempotency-key': randomUUID() }, body: alone }
    const first = viewsIn(await hub.expect(202, rotations, call))
    await ended(hub, first)
    // As if the replica had gone before it could answer.
    await hub.hub.database.db.deleteFrom('idempotency').execute()
    const again = viewsIn(await hub.expect(202, rotations, call))
    expect(again.map(({ id, state }) => [id, state])).toEqual(first.map(({ id }) => [id, 'done']))
  })
})
