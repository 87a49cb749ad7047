import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { generateSecret } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import { rotate } from 'keyturn/rotation'
import { envFile } from 'keyturn/stores/env-file'
import { describe, expect, it, onTestFinished } from 'vitest'

import { startBackend } from './backend-process.ts'
import { Visitor } from './running-service.ts'
import { temporaryFolder } from './temporary-database.ts'

/** Every piece of a text that would give it away. */
const pieces = (text: string): string[] =>
  Array.from({ length: Math.max(1, text.length - 11) }, (_, start) => text.slice(start, start + 12))

describe('a start with a weak secret', () => {
  const weak: readonly (readonly [what: string, secret: string, finding: RegExp])[] = [
    ['a short one', 'Xk29dLq0aBv7', /JWT_SECRET_KEY must be at least 64 characters/],
    ['a well-known one', `your-jwt-secret-key-${'Zq8'.repeat(20)}`, /contains a common weak pattern/],
    ['one that repeats itself', 'abcdefgh'.repeat(8), /JWT_SECRET_KEY/],
  ]
  for (const [what, secret, finding] of weak) {
    it(`is refused with the findings and remedies, never the value: ${what}`, async () => {
      const folder = temporaryFolder()
      const { exit, output } = startBackend({ JWT_SECRET_KEY: secret }, folder)
      expect(await exit).toBe(1)
      expect(output.stderr).toMatch(finding)
      expect(output.stderr).toMatch(/remedy: .*keyturn generate/)
      const said = output.stdout + output.stderr
      // The weak pattern itself is public.
      for (const piece of pieces(secret.replace('your-jwt-secret-key-', '')))
        expect(said).not.toContain(piece)
      // It stopped before it opened anything.
      expect(existsSync(join(folder, 'immonow.sqlite'))).toBe(false)
    })
  }

  it('names every finding of a secret that has several', async () => {
    const { exit, output } = startBackend({ JWT_SECRET_KEY: 'password 123456' }, temporaryFolder())
    expect(await exit).toBe(1)
    for (const finding of [/at least 64 characters/, /weak pattern/, /outside URL-safe base64/])
      expect(output.stderr).toMatch(finding)
  })

  it('is refused from a file too, and without a secret at all', async () => {
    const folder = temporaryFolder()
    const file = join(folder, '.env')
    writeFileSync(file, 'JWT_SECRET_KEY=changeme\n', { mode: 0o600 })
    const fromFile = startBackend({ KEYTURN_ENV_FILE: file }, folder)
    const without = startBackend({}, folder)
    expect(await fromFile.exit).toBe(1)
    expect(fromFile.output.stderr).toContain('JWT_SECRET_KEY must be at least 64 characters')
    expect(await without.exit).toBe(1)
    expect(without.output.stderr).toContain('ERR_CONFIG_SECRET_MISSING')
    expect(without.output.stderr).toMatch(/hint: .*keyturn generate/)
  })
})

describe('a start that cannot succeed', () => {
  it('names every setting that cannot be used', async () => {
    const { exit, output } = startBackend(
      {
        JWT_SECRET_KEY: generateSecret(),
        PORT: '99999',
        ACCESS_TOKEN_SECONDS: '15m',
        COOKIE_SECURE: 'maybe',
      },
      temporaryFolder(),
    )
    expect(await exit).toBe(1)
    for (const name of ['PORT', 'ACCESS_TOKEN_SECONDS', 'COOKIE_SECURE']) {
      expect(output.stderr).toContain(`error: ${name} must be`)
    }
  })

  it('says that the port is taken, and leaves no lease behind', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => {
      other.close()
    })
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const folder = temporaryFolder()
    const file = join(folder, '.env')
    writeFileSync(file, `JWT_SECRET_KEY=${generateSecret()}\n`, { mode: 0o600 })
    const { exit, output } = startBackend({ KEYTURN_ENV_FILE: file, PORT: String(port) }, folder)
    expect(await exit).toBe(1)
    expect(output.stderr).toContain(`error: port ${port} on 127.0.0.1 is taken`)
    expect(readdirSync(join(folder, '.keyturn', 'env', 'leases'))).toEqual([])
  })

  it('says that the database cannot be opened', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'no-database')
    writeFileSync(file, 'a shopping list, '.repeat(200))
    mkdirSync(join(folder, 'directory'))
    for (const name of [file, join(folder, 'missing', 'immonow.sqlite'), join(folder, 'directory')]) {
      const { exit, output } = startBackend({ JWT_SECRET_KEY: generateSecret(), DATABASE_FILE: name }, folder)
      expect(await exit).toBe(1)
      expect(output.stderr).toContain(`error: the database ${name} cannot be opened`)
      expect(output.stderr).toContain('hint: DATABASE_FILE')
    }
  })
})

describe('a running service', () => {
  it('prints its address, finishes what is under way when told to stop, and leaves no lease', async () => {
    const folder = temporaryFolder()
    const file = join(folder, '.env')
    writeFileSync(file, `JWT_SECRET_KEY=${generateSecret()}\n`, { mode: 0o600 })
    const { child, exit, output, url } = startBackend({ KEYTURN_ENV_FILE: file }, folder)
    const visitor = new Visitor(await url)
    expect(JSON.parse(output.stdout)).toMatchObject({ event: 'listening', host: '127.0.0.1', pid: child.pid })
    expect(readdirSync(join(folder, '.keyturn', 'env', 'leases'))).toHaveLength(1)
    await visitor.register()
    const logins = Array.from({ length: 6 }, () => visitor.logIn())
    // One answer proves that the six are with the service, not still on their way.
    await Promise.race(logins)
    child.kill('SIGTERM')
    expect((await Promise.all(logins)).map(answer => answer.status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(await exit).toBe(0)
    expect(readdirSync(join(folder, '.keyturn', 'env', 'leases'))).toEqual([])
  })

  it('shares database and ring with its sisters, through a rotation', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder()
    const file = join(folder, '.env')
    writeFileSync(file, `JWT_SECRET_KEY=${generateSecret()}\n`, { mode: 0o600 })
    chmodSync(folder, 0o700)
    const backends = [1, 2, 3].map(() => startBackend({ KEYTURN_ENV_FILE: file }, folder))
    const urls = await Promise.all(backends.map(backend => backend.url))
    const [first = '', second = '', third = ''] = urls
    const visitor = new Visitor(first)
    await visitor.register()
    expect((await visitor.logIn()).status).toBe(200)

    const roam = async (url: string): Promise<number[]> => {
      const elsewhere = new Visitor(url)
      elsewhere.cookie = visitor.cookie
      elsewhere.accessToken = visitor.accessToken
      const statuses = [
        (await elsewhere.me()).status,
        (await elsewhere.refresh()).status,
        (await elsewhere.me()).status,
      ]
      visitor.cookie = elsewhere.cookie
      visitor.accessToken = elsewhere.accessToken
      return statuses
    }
    expect(await roam(second)).toEqual([200, 200, 200])
    const { store, leases } = envFile(file)
    const context = { store, leases, clock: systemClock, actor: 'test' }
    await rotate(context, { mode: 'graceful', reason: 'a test', timeout: 60_000 })
    for (const url of [third, first, second]) expect(await roam(url)).toEqual([200, 200, 200])
  })
})
