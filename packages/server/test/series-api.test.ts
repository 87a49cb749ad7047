/** What instances count, minute by minute: added up, read back, and bounded whoever counts. */
import { noCounters, type Counters } from 'keyturn/ports'
import { describe, expect, it } from 'vitest'
import type { SeriesBucket } from '../src/series/series.ts'
import { trimSeries } from '../src/series/series.ts'
import { pathOf, startHub, type TestHub } from './running-hub.ts'
import { SilentInstance, silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const path = pathOf(ring)
const nothing: Counters = noCounters

async function newHub() {
  const hub = await startHub()
  await hub.ring(ring)
  const kid = (await hub.document(ring)).keys[0]?.kid ?? ''
  return { hub, kid, as: await hub.token('read') }
}

async function series(hub: TestHub, query = ''): Promise<readonly SeriesBucket[]> {
  const { json } = await hub.expect(200, `GET ${path}/series${query}`, { as: await hub.token('read') })
  return json['buckets'] as readonly SeriesBucket[]
}

/** Everything of all buckets: a minute may end while a test runs. */
const total = (
  buckets: readonly SeriesBucket[],
  of: 'verified' | 'rejected' | 'signed',
  label: string,
): number => buckets.reduce((sum, bucket) => sum + (bucket[of][label] ?? 0), 0)

describe('a series', () => {
  it('has what real instances verified, refused and signed', async () => {
    const { hub, kid } = await newHub()
    const keyrings = await hub.keyrings(ring, 2)
    for (const keyring of keyrings) {
      for (let count = 0; count < 5; count += 1)
        await keyring.authenticate(keyring.sign({ sub: 'anna' }, { expiresIn: '5m' }))
      await keyring.authenticate('no token').catch(() => undefined)
      keyring.recordLogin(true)
      keyring.recordLogin(false)
      keyring.recordUnexpectedSignOut()
    }
    // A new generation is acknowledged at once, with what was counted.
    const as = await hub.token('operate')
    const body = { reason: 'test', mode: 'graceful' }
    const { json } = await hub.expect(202, `POST ${path}/rotations`, { as, body })
    await hub.ended(path, json['id'] as string, as)
    const buckets = await series(hub)
    expect(total(buckets, 'verified', kid)).toBe(10)
    expect(total(buckets, 'signed', kid)).toBe(10)
    expect(total(buckets, 'rejected', 'ERR_TOKEN_MALFORMED')).toBe(2)
    expect(buckets.reduce((sum, each) => sum + each.loginsSucceeded, 0)).toBe(2)
    expect(buckets.reduce((sum, each) => sum + each.loginsFailed, 0)).toBe(2)
    expect(buckets.reduce((sum, each) => sum + each.unexpectedSignOuts, 0)).toBe(2)
    for (const { at } of buckets) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/)
  })

  it('counts each token once, whatever is sent twice, and again from a process that began anew', async () => {
    const { hub, kid } = await newHub()
    const instance = await silentInstance(hub, ring)
    const startedAt = Date.now() - 1_000
    const show = (count: number, started = startedAt): Promise<void> =>
      instance.show({ startedAt: started, counters: { ...nothing, verified: { [kid]: count } } })
    await show(3)
    await show(3)
    await show(5)
    expect(total(await series(hub), 'verified', kid)).toBe(5)
    await show(4)
    expect(total(await series(hub), 'verified', kid)).toBe(5)
    await show(2, startedAt + 500)
    expect(total(await series(hub), 'verified', kid)).toBe(7)
  })

  it('takes the leases of instances that do not count unexpected sign-outs yet', async () => {
    const { hub, kid, as } = await newHub()
    const { unexpectedSignOuts: _, ...older } = nothing
    const instance = await silentInstance(hub, ring)
    const startedAt = Date.now() - 1_000
    await instance.show({ startedAt, counters: { ...older, verified: { [kid]: 1 } } as Counters })
    const { json } = await hub.expect(200, `GET ${path}/fleet/${instance.instance}`, { as })
    expect(json['counters']).toEqual({ ...nothing, verified: { [kid]: 1 } })
    // As a hub of an older version stored it.
    const { db } = hub.hub.database
    const row = await db.selectFrom('leases').select('lease').executeTakeFirstOrThrow()
    const lease = JSON.stringify({ ...JSON.parse(row.lease), counters: older })
    await db.updateTable('leases').set({ lease, revision: 'older' }).execute()
    const again = await hub.expect(200, `GET ${path}/fleet/${instance.instance}`, { as })
    expect(again.json['counters']).toEqual(nothing)
    await instance.show({ startedAt, counters: { ...nothing, unexpectedSignOuts: 2 } })
    expect((await series(hub)).reduce((sum, each) => sum + each.unexpectedSignOuts, 0)).toBe(2)
  })

  it('has no name that somebody made up, and no more rows for it', async () => {
    const { hub, kid } = await newHub()
    const as = await hub.token(`instance:${ring}`)
    const rows = async (): Promise<number> =>
      (await hub.hub.database.db.selectFrom('series').selectAll().execute()).length
    const made = (round: number): Record<string, number> =>
      Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`made-up-${round}-${at}`, 1]))
    for (let round = 0; round < 20; round += 1) {
      const counters = {
        ...nothing,
        verified: { [kid]: 1, ...made(round) },
        signed: made(round),
        rejected: made(round),
      }
      await new SilentInstance(hub, ring, as, `backend-${round}`).show({ counters })
    }
    expect(await rows()).toBeLessThanOrEqual(2)
    expect(total(await series(hub), 'verified', kid)).toBe(20)
    expect((await hub.expect(200, 'GET /metrics')).text).not.toContain('made-up')
  })

  it('is read by step and range, two days at most, and forgets what is older', async () => {
    const { hub, kid } = await newHub()
    const { db } = hub.hub.database
    const now = Math.floor((await hub.hub.database.time()) / 60_000)
    const ages = [0, 1, 59, 61, 120, 47 * 60, 49 * 60, 100 * 60]
    await db
      .insertInto('series')
      .values(ages.map(age => ({ ring, minute: now - age, kind: 'verified' as const, label: kid, count: 1 })))
      .execute()
    expect(total(await series(hub), 'verified', kid)).toBe(3)
    const day = new Date((now - 24 * 60) * 60_000).toISOString()
    expect(total(await series(hub, `?from=${day}&step=60`), 'verified', kid)).toBe(5)
    expect((await series(hub, `?from=${day}&step=1440`)).length).toBeLessThanOrEqual(2)
    expect(total(await series(hub, '?from=0'), 'verified', kid)).toBe(6)
    const to = (now - 100 * 60) * 60_000
    expect(total(await series(hub, `?from=${to}&to=${to}`), 'verified', kid)).toBe(1)
    expect(await series(hub, `?from=${Date.now() + 60_000}`)).toEqual([])
    await trimSeries(hub.hub.database)
    expect(total(await series(hub, `?from=${to}&to=${to}`), 'verified', kid)).toBe(0)
    expect(total(await series(hub, '?from=0'), 'verified', kid)).toBe(6)
  })

  it('of two days is read in one go', async () => {
    const { hub, kid, as } = await newHub()
    const now = Math.floor((await hub.hub.database.time()) / 60_000)
    const kids = [kid, ...Array.from({ length: 9 }, (_, at) => `former-${at}`)]
    const rows = Array.from({ length: 48 * 60 - 1 }, (_, age) =>
      kids.map(label => ({ ring, minute: now - age, kind: 'verified' as const, label, count: 1 })),
    ).flat()
    await hub.hub.database.db.transaction().execute(async transaction => {
      for (let at = 0; at < rows.length; at += 1_000)
        await transaction
          .insertInto('series')
          .values(rows.slice(at, at + 1_000))
          .execute()
    })
    const { json } = await hub.expect(200, `GET ${path}/series?from=0&step=1440`, { as })
    expect(total(json['buckets'] as readonly SeriesBucket[], 'verified', kid)).toBe(48 * 60 - 1)
  })
})
