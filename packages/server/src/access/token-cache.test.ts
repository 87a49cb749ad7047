import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { accessHub, accessHubs, ofCode, type AccessHub } from '../../test/access-hub.ts'
import { databaseKinds } from '../../test/temporary-database.ts'
import type { Database } from '../database/open-database.ts'
import { AccessTokens } from './access-tokens.ts'
import { HubEvents } from './events.ts'
import { tokensRevision } from './token-cache.ts'
import { bump } from './transact.ts'

const invalid = ofCode('ERR_AUTH_INVALID')
const unknown = `kt_${'a'.repeat(12)}_${'A'.repeat(43)}`

const make = ({ tokens }: AccessHub) => tokens.create({ name: 'deploy', scopes: ['read'], createdBy: 'anna' })

describe.each(databaseKinds)('TokenCache in %s', kind => {
  it('finds a token a thousand times without asking the database', async () => {
    const hub = await accessHub(kind)
    const { token } = await make(hub)
    const before = hub.tokens.reads
    for (let number = 0; number < 1_000; number += 1) await hub.tokens.find(token, '192.0.2.1')
    expect(hub.tokens.reads).toBe(before)
  })

  it('asks once a second at most for tokens that somebody makes up', async () => {
    const hub = await accessHub(kind)
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

  it('loads the tokens only when their revision has changed', async () => {
    const [hub, other] = await accessHubs(kind)
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
    const [hub, other] = await accessHubs(kind)
    await other.tokens.refresh()
    const { token, id } = await make(hub)
    expect(await other.tokens.find(token)).toMatchObject({ id })
  })

  it('ends a token that expires, and tells of it once', async () => {
    const { database } = await accessHub(kind)
    const clock = { hours: 0 }
    const later: Database = {
      ...database,
      get now() {
        return sql<number>`${database.now} + ${sql.lit(clock.hours * 3_600_000)}`
      },
    }
    const tokens = new AccessTokens(later, new HubEvents(later))
    const make = (expiresIn: number) =>
      tokens.create({ name: 'deploy', scopes: ['read'], createdBy: 'anna', expiresIn })
    const [short, long] = [await make(3_600), await make(7_200)]
    const ended: string[] = []
    tokens.onEnded(id => ended.push(id))
    await tokens.refresh()
    expect(ended).toEqual([])
    expect(await tokens.find(short.token)).toMatchObject({ id: short.id })
    clock.hours = 1
    await tokens.refresh()
    expect(ended).toEqual([short.id])
    await expect(tokens.find(short.token)).rejects.toEqual(invalid)
    expect(await tokens.find(long.token)).toMatchObject({ id: long.id })
    clock.hours = 2
    await tokens.refresh()
    await bump(database.db, tokensRevision)
    await tokens.refresh()
    await tokens.refresh()
    expect(ended).toEqual([short.id, long.id])
  })
})

describe('TokenCache without its database', () => {
  it('goes on with the tokens it knows, and calls none invalid that it cannot know', async () => {
    const hub = await accessHub('sqlite')
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
