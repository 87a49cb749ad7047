import { describe, expect, it } from 'vitest'
import { accessHub, accessHubs, ofCode, type AccessHub } from '../../test/access-hub.ts'
import { databaseKinds } from '../../test/temporary-database.ts'
import { tokensRevision } from './token-cache.ts'
import { bump, transact } from './transact.ts'

const day = 24 * 3_600_000
const ring = 'immonow/production'
const invalid = ofCode('ERR_AUTH_INVALID')

const make = ({ tokens }: AccessHub, more: { expiresIn?: number; scopes?: readonly string[] } = {}) =>
  tokens.create({ name: 'deploy', scopes: ['read'], createdBy: 'anna', ...more })

const makeLogin = ({ database, tokens }: AccessHub, name: string) =>
  transact(database, connection => tokens.createLogin(connection, { name, role: 'operator' }, 'laptop'))

/** As if somebody else had changed the token's row. */
async function change(
  { database }: AccessHub,
  id: string,
  row: { expires_at?: number; revoked_at?: number },
) {
  await database.db.updateTable('tokens').set(row).where('id', '=', id).execute()
  await bump(database.db, tokensRevision)
}

function endedOf({ tokens }: AccessHub): string[] {
  const ended: string[] = []
  tokens.onEnded(id => ended.push(id))
  return ended
}

describe.each(databaseKinds)('AccessTokens in %s', kind => {
  it('makes a token that is good for its scopes, 90 days if nothing else is said', async () => {
    const hub = await accessHub(kind)
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

  it('does not take a token that differs in one character, in any part', async () => {
    const hub = await accessHub(kind)
    const { token } = await make(hub)
    const other = (index: number) =>
      token.slice(0, index) + (token[index] === 'x' ? 'y' : 'x') + token.slice(index + 1)
    const wrong = [3, 14, 16, 40, token.length - 1].map(other)
    for (const text of [...wrong, '', 'kt_', `${token}A`, token.slice(0, -1), ` ${token}`, `${token}\n`])
      await expect(hub.tokens.find(text)).rejects.toEqual(invalid)
  })

  it('refuses names, scopes and lives that cannot be', async () => {
    const { tokens } = await accessHub(kind)
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
    const [hub, other] = await accessHubs(kind)
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

  it('lists tokens without their secrets, and those that ended for 30 days', async () => {
    const hub = await accessHub(kind)
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
    const hub = await accessHub(kind)
    const { token, expiresAt } = await makeLogin(hub, 'anna')
    expect(await hub.tokens.find(token)).toMatchObject({ name: 'anna@laptop', scopes: ['operate'] })
    expect(Math.abs(expiresAt - (await hub.database.time()) - day / 2)).toBeLessThan(60_000)
    expect(await hub.tokens.list()).toMatchObject([{ createdBy: 'anna', isLogin: true }])
  })

  it.each(['a new role', 'a removal'])(
    'ends the logins at command lines with %s, and no other token',
    async why => {
      const [hub, other] = await accessHubs(kind)
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
    const hub = await accessHub(kind)
    const [login, program] = [await makeLogin(hub, 'anna'), await make(hub)]
    expect(await hub.tokens.isLoginOf(login.id, 'anna')).toBe(true)
    expect(await hub.tokens.isLoginOf(login.id, 'bert')).toBe(false)
    expect(await hub.tokens.isLoginOf(program.id, 'anna')).toBe(false)
  })
})
