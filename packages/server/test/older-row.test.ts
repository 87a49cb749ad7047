/** A row of the database that somebody puts back, past every replica and every instance. */
import { expect, it } from 'vitest'
import { opened } from './fresh-database.ts'
import { pathOf, startHub, temporaryData } from './running-hub.ts'

const ring = 'immonow/production'
const path = pathOf(ring)

it('gives out no key when it is older than its trail, and an emergency is the way out', async () => {
  const data = temporaryData()
  const hub = await startHub(data)
  await hub.ring(ring)
  const { db } = hub.hub.database
  const row = await db.selectFrom('rings').selectAll().executeTakeFirstOrThrow()
  const body = { reason: 'a leak', confirm: ring }
  const as = await hub.token('operate')
  const { json } = await hub.expect(202, `POST ${path}/emergency`, { as, body })
  await hub.ended(path, String(json['id']), as)
  await hub.close()
  const database = await opened({ data })
  await database.db.updateTable('rings').set(row).execute()
  await database.close()

  const again = await startHub(data)
  const instance = await again.token(`instance:${ring}`)
  const { text } = await again.refused('ERR_RING_REGRESSED', `GET ${path}/keyring`, { as: instance })
  expect(text).toContain('its trail goes on to')
  const operator = await again.token('operate')
  const after = await again.expect(202, `POST ${path}/emergency`, { as: operator, body })
  const view = await again.ended(path, String(after.json['id']), operator)
  expect(view).toMatchObject({ state: 'done', outcome: { restored: true } })
  const answer = await again.expect(200, `GET ${path}/keyring`, { as: instance })
  const { secrets } = answer.json as { secrets: Record<string, string> }
  expect(Object.keys(secrets)).toEqual([view.outcome?.kid])
})
