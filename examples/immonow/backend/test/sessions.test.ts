import { describe, expect, it } from 'vitest'

import { sessionStore, type Sessions } from '../src/accounts/sessions.ts'
import { cleanUp } from '../src/database/cleanup.ts'
import type { Database } from '../src/database/database.ts'
import { Problem } from '../src/http/problem.ts'
import { agencyId } from '../src/listings/seed-listings.ts'
import { temporaryDatabase } from './temporary-database.ts'

const stamp = { generation: 7, kid: 'kidOfTheLogin000' }
const allow = (): void => {}

async function setUp(): Promise<{ database: Database; sessions: Sessions; time: { now: number } }> {
  const database = await temporaryDatabase()
  const time = { now: 1_800_000_000_000 }
  return { database, time, sessions: sessionStore(database, () => time.now) }
}

describe('sessionStore', () => {
  it('keeps the stamp of the login through every refresh', async () => {
    const { sessions, time } = await setUp()
    const login = { userId: agencyId, at: time.now, stamp }
    let { token } = await sessions.create(agencyId, stamp)
    for (let index = 0; index < 5; index++) {
      time.now += 900_000
      const seen: unknown[] = []
      const next = await sessions.rotate(token, current => seen.push(current))
      expect(seen).toEqual([login])
      expect(next.token).not.toBe(token)
      token = next.token
    }
    expect(sessions.peek(token)).toEqual(login)
  })

  it('stores hashes only', async () => {
    const { database, sessions } = await setUp()
    const { token } = await sessions.create(agencyId, stamp)
    const { token: next } = await sessions.rotate(token, allow)
    const rows = JSON.stringify(database.all('SELECT * FROM sessions'))
    for (const text of [token, next]) expect(rows).not.toContain(text.slice(37))
  })

  it('ends the session when a replaced token comes back', async () => {
    const { sessions, time } = await setUp()
    const first = await sessions.create(agencyId, stamp)
    const second = await sessions.rotate(first.token, allow)
    time.now += 31_000
    await expect(sessions.rotate(first.token, allow)).rejects.toMatchObject({
      code: 'ERR_SESSION_REUSED',
      details: { reason: 'security' },
    })
    await expect(sessions.rotate(second.token, allow)).rejects.toMatchObject({ code: 'ERR_SESSION_UNKNOWN' })
  })

  it('ends the session at once when the successor was used already', async () => {
    const { sessions } = await setUp()
    const first = await sessions.create(agencyId, stamp)
    const second = await sessions.rotate(first.token, allow)
    const third = await sessions.rotate(second.token, allow)
    await expect(sessions.rotate(first.token, allow)).rejects.toMatchObject({ code: 'ERR_SESSION_REUSED' })
    await expect(sessions.rotate(third.token, allow)).rejects.toMatchObject({ code: 'ERR_SESSION_UNKNOWN' })
  })

  it('gives parallel refreshes the same successor', async () => {
    const { sessions, time } = await setUp()
    const { token } = await sessions.create(agencyId, stamp)
    const results = await Promise.all([1, 2, 3].map(() => sessions.rotate(token, allow)))
    time.now += 30_000
    results.push(await sessions.rotate(token, allow))
    expect(new Set(results.map(result => result.token)).size).toBe(1)
    await sessions.rotate(results[0]!.token, allow)
  })

  it('changes no row when the caller refuses, even for a replaced token', async () => {
    const { database, sessions, time } = await setUp()
    const first = await sessions.create(agencyId, stamp)
    const second = await sessions.rotate(first.token, allow)
    time.now += 60_000
    const before = database.all('SELECT * FROM sessions')
    const refuse = (): never => {
      throw new Problem('ERR_SESSION_ENDED')
    }
    for (const { token } of [first, second]) {
      await expect(sessions.rotate(token, refuse)).rejects.toMatchObject({ code: 'ERR_SESSION_ENDED' })
    }
    expect(database.all('SELECT * FROM sessions')).toEqual(before)
    await sessions.rotate(second.token, allow)
  })

  it('ends a session at logout, after two idle weeks and after sixty days', async () => {
    const { sessions, time } = await setUp()
    const left = await sessions.create(agencyId, stamp)
    await sessions.end(left.token)
    expect(() => sessions.peek(left.token)).toThrow(Problem)

    const idle = await sessions.create(agencyId, stamp)
    time.now = idle.expiresAt
    expect(() => sessions.peek(idle.token)).toThrow(Problem)

    let busy = await sessions.create(agencyId, stamp)
    const start = time.now
    for (let day = 10; day < 60; day += 10) {
      time.now = start + day * 86_400_000
      busy = await sessions.rotate(busy.token, allow)
    }
    expect(busy.expiresAt).toBe(start + 60 * 86_400_000)
    time.now = busy.expiresAt
    expect(() => sessions.peek(busy.token)).toThrow(Problem)
  })

  it('knows no session for what is no refresh token', async () => {
    const { sessions } = await setUp()
    const { token } = await sessions.create(agencyId, stamp)
    for (const text of ['', 'x', token.slice(0, -1), `${token}x`, `${token.slice(0, -1)}\0`, "' OR 1=1 --"]) {
      await expect(sessions.rotate(text, allow)).rejects.toMatchObject({ code: 'ERR_SESSION_UNKNOWN' })
      await sessions.end(text)
    }
    expect(sessions.peek(token).userId).toBe(agencyId)
  })
})

describe('cleanUp', () => {
  it('removes sessions that are over and keeps the others', async () => {
    const { database, sessions, time } = await setUp()
    const kept = await sessions.create(agencyId, stamp)
    const left = await sessions.create(agencyId, stamp)
    await sessions.end(left.token)
    await cleanUp(database, time.now)
    expect(database.all('SELECT id FROM sessions')).toHaveLength(2)
    time.now += 7 * 86_400_000
    await cleanUp(database, time.now)
    expect(database.all('SELECT id FROM sessions')).toEqual([{ id: kept.token.slice(0, 36) }])
    time.now = kept.expiresAt
    await cleanUp(database, time.now)
    expect(database.all('SELECT id FROM sessions')).toEqual([])
  })
})
