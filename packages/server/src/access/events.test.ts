import { describe, expect, it } from 'vitest'
import { databaseKinds, temporaryDatabase } from '../../test/temporary-database.ts'
import { HubEvents } from './events.ts'
import { transact } from './transact.ts'

const day = 24 * 3_600_000
const event = (detail: string) => ({ actor: 'anna', action: 'operator.created', detail }) as const
const failure = (detail: string) => ({ actor: '192.0.2.1', action: 'operator.login-failed', detail }) as const

describe.each(databaseKinds)('HubEvents in %s', kind => {
  it('lists the newest first, as many as asked for', async () => {
    const database = await temporaryDatabase(kind)
    const events = new HubEvents(database)
    for (const detail of ['one', 'two', 'three']) {
      await events.record(event(detail))
      await database.db
        .updateTable('events')
        .set(eb => ({ at: eb('at', '-', 1000) }))
        .execute()
    }
    const found = await events.list(2)
    expect(found.map(({ detail }) => detail)).toEqual(['three', 'two'])
    expect(found[0]).toMatchObject({ actor: 'anna', action: 'operator.created' })
    expect(Math.abs((found[0]?.at ?? 0) - (await database.time()))).toBeLessThan(60_000)
  })

  it('records nothing of a change that does not happen', async () => {
    const database = await temporaryDatabase(kind)
    const events = new HubEvents(database)
    const failing = transact(database, async connection => {
      await events.record(event('one'), connection)
      throw new Error('no')
    })
    await expect(failing).rejects.toMatchObject({ code: 'ERR_STORE_UNREACHABLE' })
    expect(await events.list()).toEqual([])
  })

  it('records ten failures a minute at most, and counts the others', async () => {
    const database = await temporaryDatabase(kind)
    const clock = { now: 0 }
    const events = new HubEvents(database, () => clock.now)
    for (let number = 0; number < 25; number += 1) await events.recordFailure(failure('as anna'))
    expect((await events.list()).map(({ detail }) => detail)).toEqual(
      Array.from({ length: 10 }, () => 'as anna'),
    )
    await events.record(event('no failure'))
    expect(await events.list()).toHaveLength(11)
    clock.now = 60_000
    await database.db.deleteFrom('events').execute()
    await events.recordFailure(failure('as bert'))
    expect(await events.list()).toMatchObject([{ detail: 'as bert; 15 more before it' }])
    await database.db.deleteFrom('events').execute()
    await events.recordFailure(failure('as bert'))
    expect(await events.list()).toMatchObject([{ detail: 'as bert' }])
  })

  it('forgets after 400 days', async () => {
    const database = await temporaryDatabase(kind)
    const before = new HubEvents(database)
    for (const detail of ['old', 'kept']) await before.record(event(detail))
    const now = await database.time()
    const age = async (detail: string, days: number) => {
      await database.db
        .updateTable('events')
        .set({ at: now - days * day })
        .where('detail', '=', detail)
        .execute()
    }
    await age('old', 401)
    await age('kept', 399)
    await new HubEvents(database).record(event('new'))
    expect((await before.list()).map(({ detail }) => detail)).toEqual(['new', 'kept'])
  })
})
