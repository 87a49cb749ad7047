/** A session that nobody uses ends, though its page goes on asking. */
import { describe, expect, it } from 'vitest'
import { startHub, type Credentials, type TestHub } from './running-hub.ts'

const minute = 60_000
const idle = { 'x-keyturn-idle': '1' }

async function newHub() {
  const hub = await startHub()
  return { hub, as: await hub.session('viewer') }
}

/** As if the session had last been used so long ago. */
const age = ({ hub }: TestHub, milliseconds: number): Promise<unknown> =>
  hub.database.db
    .updateTable('sessions')
    .set(eb => ({ seen_at: eb('seen_at', '-', milliseconds) }))
    .execute()

async function idleUntil(hub: TestHub, as: Credentials, headers = {}): Promise<number> {
  const { json } = await hub.expect(200, 'GET /v1/session', { as, headers })
  expect(json['idleUntil']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(Date.parse(String(json['expiresAt']))).toBeGreaterThan(Date.parse(String(json['idleUntil'])))
  return Date.parse(String(json['idleUntil']))
}

describe('a session', () => {
  it('is kept alive by requests, and not by those that say that nobody is there', async () => {
    const { hub, as } = await newHub()
    const first = await idleUntil(hub, as)
    await age(hub, 20 * minute)
    expect(await idleUntil(hub, as, idle)).toBe(first - 20 * minute)
    await hub.expect(200, 'GET /v1/rings', { as, headers: idle })
    expect(await idleUntil(hub, as, idle)).toBe(first - 20 * minute)
    expect(await idleUntil(hub, as, { 'x-keyturn-idle': '0' })).toBeGreaterThanOrEqual(first)
    await age(hub, 31 * minute)
    await hub.refused('ERR_AUTH_INVALID', 'GET /v1/session', { as, headers: idle })
  })
})
