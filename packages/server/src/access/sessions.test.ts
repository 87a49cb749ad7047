import { describe, expect, it } from 'vitest'
import { databaseKinds, temporaryDatabase } from '../../test/temporary-database.ts'
import type { Database } from '../database/open-database.ts'
import { HubEvents } from './events.ts'
import { digestOf, fits } from './opaque-secret.ts'
import { Operators } from './operators.ts'
import { csrfOf, endSessions, Sessions } from './sessions.ts'

const minute = 60_000
const hour = 60 * minute

describe.each(databaseKinds)('Sessions in %s', kind => {
  async function opened() {
    const database = await temporaryDatabase(kind)
    const operators = new Operators(database, new HubEvents(database))
    await operators.create('anna', 'operator', 'test')
    return { database, operators, sessions: new Sessions(database) }
  }

  /** As if the session's times lay that many milliseconds further back. */
  async function age({ db }: Database, id: string, milliseconds: number, columns: 'all' | 'seen' = 'all') {
    await db
      .updateTable('sessions')
      .set(eb => ({
        seen_at: eb('seen_at', '-', milliseconds),
        ...(columns === 'all' && {
          created_at: eb('created_at', '-', milliseconds),
          expires_at: eb('expires_at', '-', milliseconds),
        }),
      }))
      .where('hash', '=', digestOf(id))
      .execute()
  }

  const seenAt = async ({ db }: Database, id: string) =>
    (
      await db
        .selectFrom('sessions')
        .select('seen_at')
        .where('hash', '=', digestOf(id))
        .executeTakeFirstOrThrow()
    ).seen_at

  it('finds a session by its id, with the role that the operator has now', async () => {
    const { operators, sessions } = await opened()
    const { id, csrf } = await sessions.create('anna')
    const found = await sessions.find(id)
    expect(found).toMatchObject({ operator: 'anna', role: 'operator', digest: digestOf(id) })
    expect(csrf).toBe(csrfOf(id))
    expect(fits(csrf, found?.csrf ?? '')).toBe(true)
    await operators.setRole('anna', 'viewer', 'test')
    expect((await sessions.find(id))?.role).toBe('viewer')
  })

  it('gives 256 random bits, and does not find what differs in one', async () => {
    const { sessions } = await opened()
    const { id } = await sessions.create('anna')
    expect(Buffer.from(id, 'base64url')).toHaveLength(32)
    expect((await sessions.create('anna')).id).not.toBe(id)
    const other = (id.startsWith('A') ? 'B' : 'A') + id.slice(1)
    expect(await sessions.find(other)).toBeUndefined()
    expect(await sessions.find('')).toBeUndefined()
    expect(await sessions.find(digestOf(id))).toBeUndefined()
  })

  it('ends after 30 minutes without a request, and not before', async () => {
    const { database, sessions } = await opened()
    const { id } = await sessions.create('anna')
    await age(database, id, 29 * minute, 'seen')
    expect(await sessions.find(id)).toBeDefined()
    await age(database, id, 30 * minute, 'seen')
    expect(await sessions.find(id)).toBeUndefined()
  })

  it('lives on while it is used, noting that at most once a minute', async () => {
    const { database, sessions } = await opened()
    const { id } = await sessions.create('anna')
    const before = await seenAt(database, id)
    await sessions.find(id)
    expect(await seenAt(database, id)).toBe(before)
    await age(database, id, 61_000, 'seen')
    await sessions.find(id)
    expect(await seenAt(database, id)).toBeGreaterThanOrEqual(before)
  })

  it('says when it ends, and is found without being kept alive', async () => {
    const { database, sessions } = await opened()
    const { id, idleUntil, expiresAt } = await sessions.create('anna')
    expect(expiresAt - idleUntil).toBe(12 * hour - 30 * minute)
    await age(database, id, 10 * minute, 'seen')
    expect(await sessions.find(id, { slide: false })).toMatchObject({
      idleUntil: idleUntil - 10 * minute,
      expiresAt,
    })
    expect((await sessions.find(id, { slide: false }))?.idleUntil).toBe(idleUntil - 10 * minute)
    expect((await sessions.find(id))?.idleUntil).toBeGreaterThanOrEqual(idleUntil)
    await age(database, id, 30 * minute, 'seen')
    expect(await sessions.find(id, { slide: false })).toBeUndefined()
  })

  it('ends at its latest time, if that comes before the idle one', async () => {
    const { database, sessions } = await opened()
    const { id } = await sessions.create('anna')
    await database.db
      .updateTable('sessions')
      .set(eb => ({ expires_at: eb('seen_at', '+', minute) }))
      .execute()
    const found = await sessions.find(id)
    expect(found?.idleUntil).toBe(found?.expiresAt)
  })

  it('ends 12 hours after the login, however much it is used', async () => {
    const { database, operators, sessions } = await opened()
    expect(operators).toBeDefined()
    const { id } = await sessions.create('anna')
    await database.db.updateTable('operators').set({ created_at: 0 }).execute()
    for (let half = 0; half < 23; half += 1) {
      await age(database, id, 29 * minute)
      expect(await sessions.find(id)).toBeDefined()
    }
    await age(database, id, hour)
    expect(await sessions.find(id)).toBeUndefined()
  })

  it('ends one session, or all of an operator but one', async () => {
    const { database, operators, sessions } = await opened()
    await operators.create('bert', 'viewer', 'test')
    const [one, two, three, other] = [
      await sessions.create('anna'),
      await sessions.create('anna'),
      await sessions.create('anna'),
      await sessions.create('bert'),
    ]
    await sessions.end(digestOf(one.id))
    expect(await sessions.find(one.id)).toBeUndefined()
    expect(await sessions.find(two.id)).toBeDefined()
    await endSessions(database.db, 'anna', digestOf(three.id))
    expect(await sessions.find(two.id)).toBeUndefined()
    expect(await sessions.find(three.id)).toBeDefined()
    await endSessions(database.db, 'anna')
    expect(await sessions.find(three.id)).toBeUndefined()
    expect(await sessions.find(other.id)).toBeDefined()
  })

  it('does not let an operator in with a session of an earlier one of the same name', async () => {
    const { database, sessions } = await opened()
    const { id } = await sessions.create('anna')
    await database.db
      .updateTable('operators')
      .set(eb => ({ created_at: eb('created_at', '+', hour) }))
      .execute()
    expect(await sessions.find(id)).toBeUndefined()
  })

  it('removes what has ended', async () => {
    const { database, sessions } = await opened()
    const [idle, old, live] = [
      await sessions.create('anna'),
      await sessions.create('anna'),
      await sessions.create('anna'),
    ]
    await age(database, idle.id, hour, 'seen')
    await age(database, old.id, 13 * hour)
    await sessions.tidy()
    const rows = await database.db.selectFrom('sessions').select('hash').execute()
    expect(rows).toEqual([{ hash: digestOf(live.id) }])
  })
})
