import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { otherPassword as other, rightPassword as password } from '../../test/access-hub.ts'
import { servedHub } from '../../test/served-hub.ts'
import { databaseKinds } from '../../test/temporary-database.ts'
import type { Database } from '../database/open-database.ts'
import { digestOf } from './opaque-secret.ts'

describe.each(databaseKinds)('what is kept in %s', kind => {
  /** Every row of every table. */
  async function everything({ db }: Database): Promise<string> {
    const tables = await db.introspection.getTables()
    const rows = await Promise.all(
      tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(db)),
    )
    expect(rows.flatMap(each => each.rows).length).toBeGreaterThan(10)
    return JSON.stringify(rows.map(each => each.rows))
  }

  it('holds no secret but as a digest or a hash, and neither do the events', async () => {
    const { ask, database, hub, setUp } = await servedHub(kind)
    const admin = await setUp()
    const invited = await ask('POST', '/v1/operators', admin, { name: 'bert', role: 'viewer' })
    const link = String(invited.body['link']).slice('/setup#'.length, -'.bert'.length)
    const made = await ask('POST', '/v1/tokens', admin, { name: 'shop', scopes: ['read'] })
    const login = await ask('POST', '/v1/login', {}, { name: 'anna', password, label: 'laptop' })
    // Somebody types the password into the field of the name.
    await ask('POST', '/v1/session', {}, { name: other.toLowerCase(), password: other })
    await ask('GET', '/v1/whoami', { token: String(made.body['token']) })
    await hub.tokens.flush()

    const kept = await everything(database)
    const secretOf = (token: unknown) => String(token).slice('kt_'.length + 13)
    const digested = [
      link,
      admin.cookie,
      admin.csrf,
      secretOf(made.body['token']),
      secretOf(login.body['token']),
    ]
    // The rows are really there.
    for (const secret of digested) expect(kept).toContain(digestOf(secret))
    const plain = [...digested, admin.secret, password, other]
    for (const secret of plain) {
      expect(kept.toLowerCase()).not.toContain(secret.toLowerCase())
      expect(kept).not.toContain(Buffer.from(secret).toString('base64url'))
      expect(kept).not.toContain(Buffer.from(secret).toString('hex'))
    }
    const events = await ask('GET', '/v1/events?limit=50', admin)
    const actions = (events.body['events'] as { action: string }[]).map(({ action }) => action).toSorted()
    expect(actions).toEqual([
      'operator.created',
      'operator.login',
      'operator.login-failed',
      'setup.redeemed',
      'token.created',
      'token.created',
    ])
    const shown = JSON.stringify(events.body)
    for (const secret of plain) expect(shown.toLowerCase()).not.toContain(secret.toLowerCase())
  })
})
