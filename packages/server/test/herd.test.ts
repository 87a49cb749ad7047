/** A whole fleet that comes back at one moment, and acknowledges at one moment. */
import { createKeyring, type Keyring } from 'keyturn'
import { hub as hubSource } from 'keyturn/stores/hub'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LeaseQueue } from '../src/rings/lease-queue.ts'
import { serve } from '../src/serve.ts'
import { bearer, pathOf, startHub, temporaryData } from './running-hub.ts'
import { sampleLease } from './sample-requests.ts'
import { databaseKinds, temporaryDatabase } from './temporary-database.ts'

const ring = 'immonow/production'
/** Milliseconds between two looks at the database, whoever asks. */
const lookGap = 10

describe('a fleet of a hundred', () => {
  it('comes back to a hub that was restarted, which asks its database no more than for one instance', async () => {
    const data = temporaryData()
    const first = await startHub(data)
    await first.ring(ring)
    const { token } = await first.hub.tokens.create({
      name: 'fleet',
      scopes: [`instance:${ring}`],
      createdBy: 'test',
    })
    const source = () => hubSource({ url: first.url, ring, token })
    const keyrings: readonly Keyring[] = await Promise.all(
      Array.from({ length: 100 }, () => createKeyring({ source: source(), log: () => undefined })),
    )
    onTestFinished(async () => {
      await Promise.all(keyrings.map(keyring => keyring.close()))
    })
    await first.close()

    const port = Number(new URL(first.url).port)
    const again = await serve({ data, env: {}, port, logLevel: false })
    onTestFinished(() => again.close())
    const { feed, streams } = again.hub
    const from = performance.now()
    const before = feed.reads
    await expect.poll(() => streams.counts()).toEqual([[ring, 100]])
    const most = (performance.now() - from) / lookGap + 2
    expect(feed.reads - before).toBeLessThan(most)
    for (const keyring of keyrings) expect(keyring.state).toBe('fresh')
    expect((await first.call(`GET ${pathOf(ring)}/keyring`, { as: bearer(token) })).status).toBe(200)
  })
})

describe.each(databaseKinds)('ten thousand leases at one moment in %s', kind => {
  it('are written in fifty-one batches', async () => {
    const database = await temporaryDatabase(kind)
    let batches = 0
    const queue = new LeaseQueue(database, { onCounts: () => (batches += 1) })
    const names = Array.from({ length: 10_000 }, (_, index) => `instance-${index}`)
    await Promise.all(names.map(name => queue.put(sampleLease(ring, name))))
    expect(batches).toBeLessThanOrEqual(51)
    const { count } = await database.db
      .selectFrom('leases')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(10_000)
  })
})
