import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'

import { startBackend } from './backend-process.ts'
import { startHub, type HubWithRing } from './running-hub.ts'
import { Visitor } from './running-service.ts'
import { temporaryFolder } from './temporary-database.ts'

/** A graceful rotation, to its end. */
async function rotate({ ask }: HubWithRing): Promise<void> {
  const started = (await ask('POST', '/rotations', { mode: 'graceful', reason: 'a test' })) as { id: string }
  for (;;) {
    const path = `/rotations/${started.id}?wait=1000&seen=99`
    const { state, problem } = (await ask('GET', path)) as { state: string; problem: unknown }
    if (state !== 'running') return expect([state, problem]).toEqual(['done', null])
  }
}

describe('a backend on a hub', () => {
  it(
    'proves to the hub what it holds, and follows a rotation without a restart',
    { timeout: 60_000 },
    async () => {
      const folder = temporaryFolder()
      const hub = await startHub(folder)
      const { url, child, exit } = startBackend(hub.variables, folder)
      const visitor = new Visitor(await url)
      await visitor.register()
      expect((await visitor.logIn()).status).toBe(200)
      const { accessToken } = visitor

      await rotate(hub)
      expect((await visitor.send('GET', '/readyz')).body).toMatchObject({
        ring: 'immonow/test',
        generation: 3,
      })
      expect(await hub.ask('GET', '/fleet')).toMatchObject({
        instances: [{ standing: 'acknowledged', generation: 3, process: { pid: child.pid } }],
      })
      expect((await visitor.me()).status).toBe(200)
      expect((await visitor.refresh()).status).toBe(200)
      expect(visitor.accessToken).not.toBe(accessToken)
      expect((await visitor.me()).status).toBe(200)

      child.kill('SIGTERM')
      expect(await exit).toBe(0)
      // It has signed off.
      expect(await hub.ask('GET', '/fleet')).toMatchObject({ instances: [] })
    },
  )

  it(
    'started while the hub is away, serves who is signed in, says so, and signs when the hub is back',
    { timeout: 60_000 },
    async () => {
      const folder = temporaryFolder()
      const hub = await startHub(folder)
      const variables = { ...hub.variables, KEYTURN_SNAPSHOT: join(folder, 'ring.snapshot') }
      const before = startBackend(variables, folder)
      const visitor = new Visitor(await before.url)
      await visitor.register()
      await visitor.logIn()
      before.child.kill('SIGTERM')
      await before.exit
      await hub.stop()

      const after = startBackend(variables, folder)
      const returning = new Visitor(await after.url)
      returning.accessToken = visitor.accessToken
      const ready = await returning.send('GET', '/readyz')
      expect([ready.status, ready.body]).toEqual([
        200,
        { status: 'ready', state: 'verify-only', ring: 'immonow/test', generation: 1 },
      ])
      expect((await returning.me()).status).toBe(200)
      const refused = await returning.logIn()
      expect([refused.status, refused.body.code]).toEqual([503, 'ERR_RING_VERIFY_ONLY'])

      await hub.start()
      while ((await returning.send('GET', '/readyz')).body.state !== 'fresh') await sleep(50)
      expect((await returning.logIn()).status).toBe(200)
    },
  )

  it('does not start without a token, whatever secret is in its environment', async () => {
    const { exit, output } = startBackend(
      {
        KEYTURN_URL: 'http://127.0.0.1:9',
        KEYTURN_RING: 'immonow/test',
        JWT_SECRET_KEY: generateSecret(),
      },
      temporaryFolder(),
    )
    expect(await exit).toBe(1)
    expect(output.stderr).toContain('KEYTURN_TOKEN_FILE')
    expect(output.stderr).toContain('ERR_CONFIG_SOURCE')
  })
})
