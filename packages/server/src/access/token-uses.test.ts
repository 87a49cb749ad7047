import { describe, expect, it } from 'vitest'
import { accessHubs, type AccessHub } from '../../test/access-hub.ts'
import { databaseKinds } from '../../test/temporary-database.ts'

const make = ({ tokens }: AccessHub) => tokens.create({ name: 'deploy', scopes: ['read'], createdBy: 'anna' })

describe.each(databaseKinds)('TokenUses in %s', kind => {
  it('notes from where a token was used, and how often in the database once a minute', async () => {
    const [hub, other] = await accessHubs(kind)
    const { token, id } = await make(hub)
    await hub.tokens.find(token, '192.0.2.1')
    await hub.tokens.find(token, '192.0.2.2')
    await hub.tokens.find(token, '192.0.2.1')
    await hub.tokens.flush()
    await other.tokens.find(token, '192.0.2.3')
    await other.tokens.flush()
    const rows = hub.database.db.selectFrom('token_uses').selectAll().orderBy('address')
    const first = await rows.execute()
    expect(first.map(({ token: of, address }) => [of, address])).toEqual([
      [id, '192.0.2.1'],
      [id, '192.0.2.2'],
      [id, '192.0.2.3'],
    ])
    await hub.tokens.find(token, '192.0.2.2')
    await hub.tokens.flush()
    expect(await rows.execute()).toEqual(first)
    const [listed] = await hub.tokens.list()
    expect(listed?.addresses.map(({ address }) => address).toSorted()).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      '192.0.2.3',
    ])
    expect(listed?.lastUsedAt).toBe(Math.max(...(listed?.addresses ?? []).map(({ lastAt }) => lastAt)))
    expect(Math.abs((listed?.lastUsedAt ?? 0) - (await hub.database.time()))).toBeLessThan(30_000)
  })

  it('remembers 64 addresses of a token, those used last', async () => {
    const [hub, other] = await accessHubs(kind)
    const { token } = await make(hub)
    const { db } = hub.database
    const addresses = async () =>
      (await db.selectFrom('token_uses').select('address').execute()).map(({ address }) => address)
    for (let number = 0; number < 100; number += 1) await hub.tokens.find(token, `hub ${number}`)
    await hub.tokens.flush()
    const written = Array.from({ length: 64 }, (_, number) => `hub ${number + 36}`)
    expect((await addresses()).toSorted()).toEqual(written.toSorted())
    await db
      .updateTable('token_uses')
      .set(eb => ({ last_at: eb('last_at', '-', 60_000) }))
      .execute()
    for (let number = 0; number < 10; number += 1) await other.tokens.find(token, `other ${number}`)
    await other.tokens.flush()
    const kept = await addresses()
    expect(kept).toHaveLength(64)
    expect(kept.filter(address => address.startsWith('other'))).toHaveLength(10)
    expect((await hub.tokens.list())[0]?.addresses).toHaveLength(64)
  })
})
