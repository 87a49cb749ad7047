import { describe, expect, it } from 'vitest'
import {
  accessHub,
  accessHubs,
  ofCode,
  rightPassword as password,
  type AccessHub,
} from '../../test/access-hub.ts'
import { databaseKinds } from '../../test/temporary-database.ts'
import { digestOf } from './opaque-secret.ts'
import { setupPath } from './setup-links.ts'

const address = '192.0.2.1'

const redeem = ({ links, sessions }: AccessHub, secret: string, name: string, chosen = password) =>
  links.redeem({ secret, name, password: chosen, address }, async (connection, operator) => ({
    ...operator,
    session: await sessions.create(operator.name, connection),
  }))

const ended = ofCode('ERR_AUTH_SETUP_LINK')

describe.each(databaseKinds)('SetupLinks in %s', kind => {
  it('makes the first admin, logged in, and no second one', async () => {
    const hub = await accessHub(kind)
    expect(await hub.links.isFirstStart()).toBe(true)
    const secret = await hub.links.create({ operator: null })
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    const { name, role, session } = await redeem(hub, secret, ' Anna')
    expect({ name, role }).toEqual({ name: 'anna', role: 'admin' })
    expect(await hub.sessions.find(session.id)).toMatchObject({ operator: 'anna', role: 'admin' })
    expect(await hub.links.isFirstStart()).toBe(false)
    await expect(redeem(hub, secret, 'bert')).rejects.toEqual(ended)
    const another = await hub.links.create({ operator: null })
    await expect(redeem(hub, another, 'bert')).rejects.toEqual(ended)
    expect(await hub.operators.list()).toHaveLength(1)
  })

  it('has one winner among 20 who redeem one link at once on two replicas', async () => {
    const [hub, other] = await accessHubs(kind)
    const secret = await hub.links.create({ operator: null })
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) => redeem(number % 2 ? hub : other, secret, `name${number}`)),
    )
    const winners = results.filter(result => result.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    const losers = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []))
    expect(losers).toEqual(Array.from({ length: 19 }, () => ended))
    expect(await hub.operators.list()).toMatchObject([{ name: winners[0]?.value.name, role: 'admin' }])
    expect(await hub.database.db.selectFrom('sessions').selectAll().execute()).toHaveLength(1)
  })

  it('has one winner among 20 who redeem the link of an operator at once', async () => {
    const hub = await accessHub(kind)
    await hub.operators.create('anna', 'viewer', 'test')
    const secret = await hub.links.create({ operator: 'anna' })
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) => redeem(hub, secret, 'anna', `${password}-${number}`)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('sets the password of the operator it was made for, and lifts the lock', async () => {
    const hub = await accessHub(kind)
    await hub.operators.create('anna', 'operator', 'test')
    await hub.database.db
      .updateTable('operators')
      .set({ failures: 7, locked_until: (await hub.database.time()) + 60_000 })
      .execute()
    const secret = await hub.links.create({ operator: 'anna' })
    await expect(redeem(hub, secret, 'bert')).rejects.toEqual(ofCode('ERR_REQUEST_INVALID'))
    expect(await redeem(hub, secret, 'anna')).toMatchObject({ name: 'anna', role: 'operator' })
    const entered = await hub.operators.login({ name: 'anna', password, address }, async () => 'let in')
    expect(entered).toBe('let in')
  })

  it('ends what the operator was logged in with', async () => {
    const hub = await accessHub(kind)
    await hub.operators.create('anna', 'operator', 'test')
    const first = await redeem(hub, await hub.links.create({ operator: 'anna' }), 'anna')
    const second = await redeem(hub, await hub.links.create({ operator: 'anna' }), 'anna')
    expect(await hub.sessions.find(first.session.id)).toBeUndefined()
    expect(await hub.sessions.find(second.session.id)).toBeDefined()
  })

  it('replaces the earlier link of the same operator, and no other', async () => {
    const hub = await accessHub(kind)
    await hub.operators.create('anna', 'operator', 'test')
    await hub.operators.create('bert', 'operator', 'test')
    const [first, second] = [
      await hub.links.create({ operator: null }),
      await hub.links.create({ operator: null }),
    ]
    const [anna, bert, annaAgain] = [
      await hub.links.create({ operator: 'anna' }),
      await hub.links.create({ operator: 'bert' }),
      await hub.links.create({ operator: 'anna' }),
    ]
    await expect(redeem(hub, first, 'chris')).rejects.toEqual(ended)
    await expect(redeem(hub, anna, 'anna')).rejects.toEqual(ended)
    expect(await redeem(hub, second, 'chris')).toMatchObject({ role: 'admin' })
    expect(await redeem(hub, annaAgain, 'anna')).toMatchObject({ name: 'anna' })
    expect(await redeem(hub, bert, 'bert')).toMatchObject({ name: 'bert' })
  })

  it('ends after its time, and goes away with the next link', async () => {
    const hub = await accessHub(kind)
    await hub.operators.create('anna', 'operator', 'test')
    const secret = await hub.links.create({ operator: 'anna' })
    const { expires_at: expiresAt } = await hub.database.db
      .selectFrom('links')
      .select('expires_at')
      .executeTakeFirstOrThrow()
    const left = expiresAt - (await hub.database.time())
    expect(left).toBeGreaterThan(14 * 60_000)
    expect(left).toBeLessThanOrEqual(15 * 60_000)
    await hub.database.db
      .updateTable('links')
      .set({ expires_at: await hub.database.time() })
      .execute()
    await expect(redeem(hub, secret, 'anna')).rejects.toEqual(ended)
    const other = await hub.links.create({ operator: null })
    const rows = await hub.database.db.selectFrom('links').select('hash').execute()
    expect(rows).toEqual([{ hash: digestOf(other) }])
  })

  it('survives a weak password and a name that cannot be', async () => {
    const hub = await accessHub(kind)
    const secret = await hub.links.create({ operator: null })
    await expect(redeem(hub, secret, 'anna', 'short')).rejects.toEqual(ofCode('ERR_AUTH_PASSWORD'))
    await expect(redeem(hub, secret, 'anna-b', 'anna-b-anna-b-')).rejects.toEqual(ofCode('ERR_AUTH_PASSWORD'))
    await expect(redeem(hub, secret, 'no name')).rejects.toEqual(ofCode('ERR_REQUEST_INVALID'))
    expect(await redeem(hub, secret, 'anna')).toMatchObject({ role: 'admin' })
  })

  it('does no work for who has no link', async () => {
    const hub = await accessHub(kind)
    await hub.links.create({ operator: null })
    for (const secret of ['', 'x', 'A'.repeat(43)])
      await expect(redeem(hub, secret, 'anna')).rejects.toEqual(ended)
    expect(hub.passwords.computed).toBe(0)
  })

  it('makes none for somebody who is not there, and ends with the operator', async () => {
    const hub = await accessHub(kind)
    await expect(hub.links.create({ operator: 'anna' })).rejects.toEqual(ofCode('ERR_OPERATOR_NOT_FOUND'))
    await hub.operators.create('anna', 'viewer', 'test')
    const secret = await hub.links.create({ operator: 'anna' })
    await hub.operators.remove('anna', 'test')
    await hub.operators.create('anna', 'admin', 'test')
    await expect(redeem(hub, secret, 'anna')).rejects.toEqual(ended)
  })
})

describe('setupPath', () => {
  it('has the secret in the fragment, and the name where one is known', () => {
    expect(setupPath('s3cr3t', null)).toBe('/setup#s3cr3t')
    expect(setupPath('s3cr3t', 'anna.b')).toBe('/setup#s3cr3t.anna.b')
  })
})
