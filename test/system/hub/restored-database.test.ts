/** The database is put back to an older state behind the hub's back: nothing changes any more, and no dead key lives again. */
import { createKeyring } from 'keyturn'
import { hub as hubSource } from 'keyturn/stores/hub'
import { describe, expect, it } from 'vitest'
import { embeddedPostgres } from '../../../packages/server/test/postgres.ts'
import { hubOfFile } from '../../support/hub.ts'
import type { TestRing } from '../../support/ring-of-hub.ts'
import { until } from '../../support/project.ts'
import { problemOf } from '../../support/visitor.ts'
import { signedIn, startFleet } from './fleet.ts'

const limits = { maxTokenLife: 600, maxStale: 120, tolerance: 2, grace: 900, hold: 900, lease: 8 }
const server = await embeddedPostgres()
const hub = hubOfFile(server)

/** Every table, as a dump holds it. Returns what puts it back. */
async function backUp(database: string): Promise<() => Promise<void>> {
  if ('cannot' in server) throw new Error(server.cannot)
  const rows = await server.query(
    `select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`,
    database,
  )
  const tables = rows.map(({ tablename }) => String(tablename))
  expect(tables).toEqual(expect.arrayContaining(['rings', 'audit', 'leases', 'tokens', 'rotations']))
  const copies = tables.map(table => `create table backup.${table} as table public.${table};`)
  await server.query(
    `drop schema if exists backup cascade; create schema backup; ${copies.join(' ')}`,
    database,
  )
  return async () => {
    const all = tables.map(table => `public.${table}`).join(', ')
    const back = tables.map(table => `insert into public.${table} select * from backup.${table};`)
    await server.query(
      `begin; set local session_replication_role = replica; truncate ${all} cascade; ${back.join(' ')} commit`,
      database,
    )
  }
}

const join = (ring: TestRing): ReturnType<typeof createKeyring> =>
  createKeyring({
    source: hubSource({ url: hub().url, ring: ring.name, token: ring.token }),
    log: () => undefined,
  })

describe.skipIf('cannot' in server)('an older database', () => {
  it('halts changes and joiners, leaves running instances what they hold, and ends with a new epoch in which no compromised key lives', async () => {
    const ring = await hub().ring(limits)
    const fleet = await startFleet(ring, [hub().url, hub().url])
    const leaked = await signedIn(fleet[0])
    const leakedKid = (await ring.document()).keys[0]?.kid ?? expect.unreachable()
    const putBack = await backUp(hub().database)
    await ring.done('/emergency', { cause: 'compromised' })
    const valid = await signedIn(fleet[1])
    const { epoch, generation } = await ring.document()
    await putBack()

    await until(
      () => ring.expect<{ halted: string | null }>('GET', ''),
      ({ halted }) => halted !== null,
    )
    for (const { url } of hub().replicas) {
      const body = { reason: 'a test' }
      const at = { at: url, body }
      expect(await ring.ask('POST', '/rotations', at)).toMatchObject({
        status: 409,
        code: 'ERR_RING_REGRESSED',
      })
      const keyring = await ring.ask('GET', '/keyring', { at: url, token: ring.token })
      expect(keyring).toMatchObject({ status: 503, code: 'ERR_RING_REGRESSED' })
      expect(keyring.headers.get('retry-after')).not.toBeNull()
    }
    await expect(join(ring)).rejects.toMatchObject({ code: 'ERR_RING_REGRESSED' })
    for (const { url } of fleet) {
      expect((await valid.me(url)).status).toBe(200)
      expect(problemOf(await leaked.me(url))).toMatchObject({ status: 401, code: 'ERR_KEY_COMPROMISED' })
    }

    const body = { reason: 'an older backup was restored', compromised: [leakedKid] }
    const begun = await ring.expect<{ epoch: number; generation: number }>('POST', '/epoch', { body })
    expect(begun.epoch).toBeGreaterThan(epoch)
    expect(begun.generation).toBeGreaterThan(generation)
    await until(
      () => ring.fleet(),
      instances => instances.length === 2 && instances.every(({ standing }) => standing === 'acknowledged'),
    )
    const { keys } = await ring.document()
    expect(keys.find(({ kid }) => kid === leakedKid)?.state).toBe('compromised')
    await ring.done('/rotations', { force: true })
    const after = await signedIn(fleet[0])
    for (const { url } of fleet) {
      expect((await after.me(url)).status).toBe(200)
      expect((await leaked.me(url)).status).toBe(401)
    }
    const joiner = await join(ring)
    await expect(joiner.authenticate(leaked.token)).rejects.toMatchObject({ code: 'ERR_KEY_COMPROMISED' })
    await expect(joiner.authenticate(after.token)).resolves.toBeDefined()
    await joiner.close()
  })

  it('is told from a newer one by an instance alone, where every replica was started after it was put back', async () => {
    const ring = await hub().ring(limits)
    const [backend] = await startFleet(ring, [hub().url])
    const visitor = await signedIn(backend)
    const putBack = await backUp(hub().database)
    await ring.done('/rotations')
    const died = [...hub().replicas]
    await Promise.all(died.map(each => each.end()))
    await putBack()
    await Promise.all(died.map(() => hub().start()))
    await until(
      () => ring.expect<{ halted: string | null }>('GET', ''),
      ({ halted }) => halted !== null,
    )
    await expect(join(ring)).rejects.toMatchObject({ code: 'ERR_RING_REGRESSED' })
    expect((await visitor.me(backend.url)).status).toBe(200)
    const before = await ring.document()
    const { epoch } = await ring.expect<{ epoch: number }>('POST', '/epoch', { body: { reason: 'restored' } })
    expect(epoch).toBe(before.epoch + 1)
    await until(
      () => ring.fleet(),
      instances => instances.length === 1 && instances[0]?.standing === 'acknowledged',
    )
    expect((await visitor.me(backend.url)).status).toBe(200)
  })
})
