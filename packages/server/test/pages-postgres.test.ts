/** Pages of a hub on PostgreSQL, which is stricter about texts than SQLite. */
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { PageClient } from './page-client.ts'
import { embeddedPostgres } from './postgres.ts'
import { startHub, temporaryData } from './running-hub.ts'

const server = await embeddedPostgres()
const ring = 'immonow/production'

describe.skipIf('cannot' in server)('the course on PostgreSQL', () => {
  it('of an id that the database cannot look for is not there', async () => {
    if ('cannot' in server) throw new Error(server.cannot)
    const env = {
      DATABASE_URL: server.url(await server.createDatabase()),
      KEYTURN_MASTER_KEY: generateSecret(),
    }
    const hub = await startHub(temporaryData(), env)
    await hub.ring(ring)
    const client = await PageClient.of(hub, 'viewer')
    expect((await client.get(`/emergency/${ring}/a%00b`)).status).toBe(404)
  })
})
