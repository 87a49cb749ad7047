import { describe, expect, it } from 'vitest'
import { databaseKinds, temporaryReplicas } from '../../test/temporary-database.ts'
import type { Database } from '../database/open-database.ts'
import { AccessTokens } from './access-tokens.ts'
import { HubEvents } from './events.ts'
import { Operators } from './operators.ts'
import { tokensRevision } from './token-cache.ts'
import { bump, transact } from './transact.ts'

const day = 24 * 3_600_000
const ring = 'immonow/production'
const ofCode = (code: string) => expect.objectContaining({ code })
const invalid = ofCode('ERR_AUTH_INVALID')
const unknown = `kt_${'a'.repeat(12)}_${'A'.repeat(43)}`

function hubOn(database: Database) {
  const events = new HubEvents(database)
  return {
    database,
    events,
    operators: new Operators(database, events),
    tokens: new AccessTokens(database, events),
  }
}
type TestHub = ReturnType<typeof hubOn>

const make = ({ tokens }: TestHub, more: { expiresIn?: number; scopes?: readonly string[] } = {}) =>
  tokens.create({ name: 'deploy', scopes: ['read'], createdBy: 'anna', ...more })

const makeLogin = ({ database, tokens }: TestHub, name: string) =>
  transact(database, connection => tokens.createLogin(connection, { name, role: 'operator' }, 'laptop'))

/** As if somebody else had changed the token's row. */
async function change({ database }: TestHub, id: string, row: { expires_at?: number; revoked_at?: number }) {
  await database.db.updateTable('tokens').set(row).where('id', '=', id).execute()
  await bump(database.db, tokensRevision)
}

function endedOf({ tokens }: TestHub): string[] {
  const ended: string[] = []
  tokens.onEnded(id => ended.push(id))
  return ended
}

describe.each(databaseKinds)('AccessTokens in %s', kind => {
  const replicas = async (count: number) => (await temporaryReplicas(kind, count)).map(hubOn)
  const one = async (): Promise<TestHub> => (await replicas(1))[0] ?? expect.unreachable()
  const two = async (): Promise<readonly [TestHub, TestHub]> => {
    const [a = expect.unreachable(), b = expect.unreachable()] = await replicas(2)
    return [a, b]
  }

  it('makes a token that is good for its scopes, 90 days if nothing else is said', async () => {
    const hub = await one()
    const { token, id, expiresAt } = await make(hub, { scopes: [`instance:${ring}`, 'read'] })
    expect(token).toMatch(/^kt_[0-9a-z]{12}_[\w-]{43}$/)
    expect(await hub.tokens.find(token)).toEqual({
      kind: 'token',
      id,
      name: 'deploy',
      scopes: [`instance:${ring}`, 'read'],
      expiresAt,
    })
    const now = await hub.database.time()
    expect(Math.abs(expiresAt - now - 90 * day)).toBeLessThan(60_000)
    const longest = await make(hub, { expiresIn: (400 * day) / 1000 })
    expect(Math.abs(longest.expiresAt - now - 400 * day)).toBeLessThan(60_000)
  })

  it('finds a token a thousand times without asking the database', async () => {
    const hub = await one()
    const { token } = await make(hub)
    const before = hub.tokens.reads
    for (let number = 0; number < 1_000; number += 1) await hub.tokens.find(token, '192.0.2.1')
    expect(hub.tokens.reads).toBe(before)
  })

  it('asks once a second at most for tokens that somebody makes up', async () => {
    const hub = await one()
    const { token } = await make(hub)
    const before = hub.tokens.reads
    const started = performance.now()
    for (let round = 0; round < 5; round += 1)
      await Promise.all(
        Array.from({ length: 40 }, () => expect(hub.tokens.find(unknown)).rejects.toEqual(invalid)),
      )
    const seconds = (performance.now() - started) / 1000
    expect(hub.tokens.reads - before).toBeLessThanOrEqual(Math.floor(seconds) + 1)
    expect(hub.tokens.reads - before).toBeGreaterThan(0)
    expect(await hub.tokens.find(token)).toMatchObject({ name: 'deploy' })
  })

  it('does not take a token that differs in one character, in any part', async () => {
    const hub = await one()
    const { token } = await make(hub)
    const other = (index: number) =>
      token.slice(0, index) + (token[index] === 'x' ? 'y' : 'x') + token.slice(index + 1)
    const wrong = [3, 14, 16, 40, token.length - 1].map(other)
    for (const text of [...wrong, '', 'kt_', `${token}A`, token.slice(0, -1), ` ${token}`, `${token}\n`])
      await expect(hub.tokens.find(text)).rejects.toEqual(invalid)
  })

  it('refuses names, scopes and lives that cannot be', async () => {
    const { tokens } = await one()
    const refused = ofCode('ERR_REQUEST_INVALID')
    const good = { name: 'deploy', scopes: ['read'], createdBy: 'anna' }
    for (const name of ['', ' x', 'a\nb', 'anna@laptop', 'x'.repeat(65)])
      await expect(tokens.create({ ...good, name })).rejects.toEqual(refused)
    for (const expiresIn of [0, -1, 59, 1.5, NaN, Infinity, 400 * 86_400 + 1])
      await expect(tokens.create({ ...good, expiresIn })).rejects.toEqual(refused)
    for (const scopes of [[], ['write'], ['instance:x']])
      await expect(tokens.create({ ...good, scopes })).rejects.toEqual(refused)
    expect(await tokens.list()).toEqual([])
  })

  it('ends a revoked token at once here, and elsewhere with the next look', async () => {
    const [hub, other] = await two()
    const { token, id } = await make(hub)
    await other.tokens.refresh()
    expect(await other.tokens.find(token)).toMatchObject({ id })
    const [ended, endedThere] = [endedOf(hub), endedOf(other)]
    await hub.tokens.revoke(id, 'anna')
    expect(ended).toEqual([id])
    await expect(hub.tokens.find(token)).rejects.toEqual(invalid)
    expect(endedThere).toEqual([])
    await other.tokens.refresh()
    expect(endedThere).toEqual([id])
    await expect(other.tokens.find(token)).rejects.toEqual(invalid)
    await hub.tokens.revoke(id, 'anna')
    await other.tokens.refresh()
    expect([ended, endedThere]).toEqual([[id], [id]])
    await expect(hub.tokens.revoke('nobody', 'anna')).rejects.toEqual(ofCode('ERR_ACCESS_TOKEN_NOT_FOUND'))
  })

  it('loads the tokens only when their revision has changed', async () => {
    const [hub, other] = await two()
    const { token } = await make(hub)
    await other.tokens.refresh()
    const revision = async () =>
      (
        await hub.database.db
          .selectFrom('meta')
          .select('value')
          .where('name', '=', tokensRevision)
          .executeTakeFirstOrThrow()
      ).value
    const before = other.tokens.reads
    await other.tokens.refresh(await revision())
    expect(other.tokens.reads).toBe(before)
    const { token: second } = await make(hub)
    await other.tokens.refresh(await revision())
    expect(other.tokens.reads).toBe(before + 1)
    expect(await other.tokens.find(token)).toBeDefined()
    expect(await other.tokens.find(second)).toBeDefined()
    expect(other.tokens.reads).toBe(before + 1)
  })

  it('takes a token that another replica has just made', async () => {
    const [hub, other] = await two()
    await other.tokens.refresh()
    const { token, id } = await make(hub)
    expect(await other.tokens.find(token)).toMatchObject({ id })
  })

  it('tells of a token that expires, once', async () => {
    const hub = await one()
    const { token, id } = await make(hub)
    const ended = endedOf(hub)
    await change(hub, id, { expires_at: (await hub.database.time()) + 300 })
    await hub.tokens.refresh()
    expect(ended).toEqual([])
    while ((await hub.database.time()) < (await hub.tokens.list())[0]!.expiresAt + 5)
      await new Promise(resolve => setTimeout(resolve, 20))
    await expect(hub.tokens.find(token)).rejects.toEqual(invalid)
    await hub.tokens.refresh()
    expect(ended).toEqual([id])
    await bump(hub.database.db, tokensRevision)
    await hub.tokens.refresh()
    await hub.tokens.refresh()
    expect(ended).toEqual([id])
  })

  it('notes from where a token was used, and how often in the database once a minute', async () => {
    const [hub, other] = await two()
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
    const [hub, other] = await two()
    const { token } = await make(hub)
    for (let number = 0; number < 100; number += 1) await hub.tokens.find(token, `hub ${number}`)
    await hub.tokens.flush()
    const count = async () => (await hub.database.db.selectFrom('token_uses').selectAll().execute()).length
    expect(await count()).toBe(64)
    for (let number = 0; number < 10; number += 1) await other.tokens.find(token, `other ${number}`)
    await other.tokens.flush()
    expect(await count()).toBe(64)
    const addresses = (await hub.tokens.list())[0]?.addresses.map(each => each.address) ?? []
    expect(addresses.filter(address => address.startsWith('other'))).toHaveLength(10)
    expect(addresses).not.toContain('hub 35')
    expect(addresses).toContain('hub 99')
  })

  it('lists tokens without their secrets, and those that ended for 30 days', async () => {
    const hub = await one()
    const [live, revoked, forgotten] = [await make(hub), await make(hub), await make(hub)]
    await hub.tokens.revoke(revoked.id, 'anna')
    const now = await hub.database.time()
    await change(hub, forgotten.id, { expires_at: now - 31 * day })
    await hub.database.db
      .insertInto('token_uses')
      .values({ token: forgotten.id, address: '192.0.2.1', first_at: 1, last_at: 1 })
      .execute()
    const last = await make(hub)
    const listed = await hub.tokens.list()
    expect(listed.map(({ id }) => id).toSorted()).toEqual([live.id, revoked.id, last.id].toSorted())
    expect(listed.find(({ id }) => id === revoked.id)?.revokedAt).toBeGreaterThan(now - 60_000)
    expect(listed.find(({ id }) => id === live.id)).toMatchObject({
      name: 'deploy',
      createdBy: 'anna',
      isLogin: false,
      revokedAt: null,
      lastUsedAt: null,
      addresses: [],
    })
    expect(JSON.stringify(listed)).not.toContain(live.token.slice(16))
    expect(await hub.database.db.selectFrom('token_uses').selectAll().execute()).toEqual([])
  })

  it('gives a command line the rights of the role for 12 hours', async () => {
    const hub = await one()
    const { token, expiresAt } = await makeLogin(hub, 'anna')
    expect(await hub.tokens.find(token)).toMatchObject({ name: 'anna@laptop', scopes: ['operate'] })
    expect(Math.abs(expiresAt - (await hub.database.time()) - day / 2)).toBeLessThan(60_000)
    expect(await hub.tokens.list()).toMatchObject([{ createdBy: 'anna', isLogin: true }])
  })

  it.each(['a new role', 'a removal'])(
    'ends the logins at command lines with %s, and no other token',
    async why => {
      const [hub, other] = await two()
      await hub.operators.create('anna', 'operator', 'test')
      const logins = [await makeLogin(hub, 'anna'), await makeLogin(hub, 'anna')]
      const [bert, program] = [await makeLogin(hub, 'bert'), await make(hub)]
      await other.tokens.refresh()
      const ended = endedOf(other)
      if (why === 'a removal') await hub.operators.remove('anna', 'test')
      else await hub.operators.setRole('anna', 'viewer', 'test')
      await other.tokens.refresh()
      expect(ended.toSorted()).toEqual(logins.map(({ id }) => id).toSorted())
      for (const { token } of logins) await expect(other.tokens.find(token)).rejects.toEqual(invalid)
      for (const { token } of [bert, program]) expect(await other.tokens.find(token)).toBeDefined()
    },
  )

  it('knows whose login at a command line a token is', async () => {
    const hub = await one()
    const [login, program] = [await makeLogin(hub, 'anna'), await make(hub)]
    expect(await hub.tokens.isLoginOf(login.id, 'anna')).toBe(true)
    expect(await hub.tokens.isLoginOf(login.id, 'bert')).toBe(false)
    expect(await hub.tokens.isLoginOf(program.id, 'anna')).toBe(false)
  })
})

describe('AccessTokens without its database', () => {
  it('goes on with the tokens it knows, and calls none invalid that it cannot know', async () => {
    const [database] = await temporaryReplicas('sqlite', 1)
    const hub = hubOn(database ?? expect.unreachable())
    const { token } = await make(hub)
    // A table that is gone stands for a database that does not answer.
    await hub.database.db.schema.dropTable('tokens').execute()
    await bump(hub.database.db, tokensRevision)
    expect(await hub.tokens.find(token)).toMatchObject({ name: 'deploy' })
    const unreachable = ofCode('ERR_STORE_UNREACHABLE')
    await expect(hub.tokens.find(unknown)).rejects.toEqual(unreachable)
    await expect(hub.tokens.find(unknown)).rejects.toEqual(unreachable)
  })
})
