import { noCounters } from 'keyturn/ports'
import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { generateSecret } from 'keyturn'
import { envFile } from 'keyturn/stores/env-file'
import { describe, expect, it } from 'vitest'
import { documentOf } from '../../../test/support/cli.ts'
import { rulesIn, type CheckDocument } from './check-document.ts'
import { expectNoSecret, gitIn, makeFolder } from './folder.ts'
import { makeRing } from './ring-folder.ts'

describe('keyturn check of the environment', () => {
  it("begins as the guide's debug commands do", async () => {
    const folder = makeFolder()
    const good = await folder.run(['check'], { env: { JWT_SECRET_KEY: generateSecret({ length: 86 }) } })
    expect(good.code).toBe(0)
    expect(good.stdout).toMatch(/^Length: 86\nValid: true\n/)
    const bad = await folder.run(['check'], { env: { JWT_SECRET_KEY: 'my-password-123456' } })
    expect(bad.code).toBe(3)
    expect(bad.stdout).toMatch(/^Length: 18\nValid: false\n/)
    expect(bad.stdout).toMatch(/must be at least 64 characters/)
    expectNoSecret(bad, 'my-password-123456')
    const none = await folder.run(['check'])
    expect(none.code).toBe(3)
    expect(none.stdout).toMatch(/^Length: 0\nValid: false\n/)
    expect(none.stdout).toMatch(/keyturn generate/)
  })

  it('looks at the staged and the retiring secrets too', async () => {
    const env = {
      JWT_SECRET_KEY: generateSecret(),
      JWT_SECRET_KEY_NEXT: 'short-and-staged',
      JWT_SECRET_KEY_PREVIOUS: `${generateSecret()}, short-and-retiring`,
    }
    const result = await makeFolder().run(['check', '--json'], { env })
    expect(result.code).toBe(3)
    const messages = documentOf<CheckDocument>(result).findings.map(({ message }) => message)
    expect(messages).toContainEqual(expect.stringMatching(/^JWT_SECRET_KEY_NEXT must be at least 64/))
    expect(messages).toContainEqual(expect.stringMatching(/^JWT_SECRET_KEY_PREVIOUS must be at least 64/))
    expect(documentOf<CheckDocument>(result)).toMatchObject({ ok: false, length: 64, valid: true })
  })

  it('reads Docker secrets and systemd credentials', async () => {
    const folder = makeFolder({
      secret: `${generateSecret({ length: 70 })}\n`,
      'c/JWT_SECRET_KEY': generateSecret(),
    })
    const docker = await folder.run(['check'], { env: { JWT_SECRET_KEY_FILE: 'secret' } })
    expect(docker.stdout).toMatch(/^Length: 70\nValid: true\n/)
    const systemd = await folder.run(['check'], { env: { CREDENTIALS_DIRECTORY: join(folder.path, 'c') } })
    expect(systemd.stdout).toMatch(/^Length: 64\nValid: true\n/)
    const gone = await folder.run(['check', '--json'], { env: { JWT_SECRET_KEY_FILE: 'gone' } })
    expect(rulesIn(gone)).toEqual(['error secret-missing', 'error secret-unreadable'])
  })

  it('lets warnings pass, and not under --strict', async () => {
    const env = { JWT_SECRET_KEY: `${randomBytes(60).toString('base64').slice(0, 78)}+/` }
    const passed = await makeFolder().run(['check', '--json'], { env })
    expect(passed.code).toBe(0)
    expect(rulesIn(passed)).toEqual(['warning alphabet-base64'])
    const strict = await makeFolder().run(['check', '--json', '--strict'], { env })
    expect(strict.code).toBe(3)
    expect(documentOf<CheckDocument>(strict)).toMatchObject({ ok: false, valid: false })
  })

  it('finds secrets that a bundler ships to browsers', async () => {
    const secret = generateSecret()
    const folder = makeFolder({
      '.env': `JWT_SECRET_KEY=${secret}\nVITE_TITLE=x\nNEXT_PUBLIC_KEY=${secret}\n`,
    })
    const env = { REACT_APP_JWT_SECRET: 'anything', NEXT_PUBLIC_SITE: 'immonow' }
    const result = await folder.run(['check', '--json'], { env })
    expect(rulesIn(result)).toEqual(['error browser-prefix', 'error browser-prefix .env:3'])
    expectNoSecret(result, secret)
  })

  it('says which source wins when the file holds another secret', async () => {
    const [one, other] = [generateSecret(), generateSecret()]
    const folder = makeFolder({ '.env': `JWT_SECRET_KEY=${one}\n` })
    const fixed = await folder.run(['check', '--json'], { env: { JWT_SECRET_KEY: other } })
    expect(fixed.code).toBe(0)
    expect(rulesIn(fixed)).toEqual(['warning sources-differ .env:1'])
    expect(documentOf<CheckDocument>(fixed)).toMatchObject({ source: 'the environment' })
    const live = await folder.run(['check', '--json'], {
      env: { JWT_SECRET_KEY: other, KEYTURN_ENV_FILE: '.env' },
    })
    expect(documentOf<CheckDocument>(live)).toMatchObject({ source: '.env' })
    expect(documentOf<CheckDocument>(live).findings[0]?.message).toMatch(/takes \.env$/)
    expectNoSecret(live, one, other)
  })
})

describe('keyturn check of the file', () => {
  it('judges its mode', async () => {
    const ring = await makeRing()
    expect(await ring.run(['check'])).toMatchObject({ code: 0 })
    chmodSync(ring.file, 0o640)
    const group = await ring.run(['check', '--json'])
    expect([group.code, rulesIn(group)]).toEqual([0, ['warning file-mode .env']])
    chmodSync(ring.file, 0o644)
    const others = await ring.run(['check', '--json'])
    expect([others.code, rulesIn(others)]).toEqual([3, ['error file-mode .env']])
  })

  it('finds a file that git tracks or would commit', async () => {
    const ring = await makeRing()
    const git = gitIn(ring.folder)
    git('init', '-q')
    const exposed = await ring.run(['check', '--json'])
    expect([exposed.code, rulesIn(exposed)]).toEqual([0, ['warning file-not-ignored .env']])
    git('add', '.env')
    const tracked = await ring.run(['check', '--json'])
    expect([tracked.code, rulesIn(tracked)]).toEqual([3, ['error file-tracked .env']])
    git('rm', '--cached', '-q', '.env')
    writeFileSync(join(ring.folder, '.gitignore'), '.env\n.keyturn/\n')
    expect(await ring.run(['check'])).toMatchObject({ code: 0 })
  })

  it('takes the file of --file or -e, and exits 5 when there is none', async () => {
    const ring = await makeRing({
      production: {},
      staging: { store: { type: 'env-file', path: 'staging.env' } },
    })
    expect((await ring.run(['check', '-e', 'production'])).code).toBe(0)
    expect((await ring.run(['check', '-e', 'staging'])).code).toBe(5)
    expect((await ring.run(['check', '-e', 'elsewhere'])).code).toBe(5)
    expect((await ring.run(['check', '--file', 'gone.env'])).code).toBe(5)
  })

  it('warns of an edit by hand, and refuses a record that cannot be read', async () => {
    const ring = await makeRing()
    const text = readFileSync(ring.file, 'utf8')
    writeFileSync(ring.file, text.replace(/^JWT_SECRET_KEY=.*/m, `JWT_SECRET_KEY=${generateSecret()}`))
    const edited = await ring.run(['check', '--json'])
    expect([edited.code, rulesIn(edited)]).toEqual([0, ['warning ring-edited .env']])
    writeFileSync(ring.file, text.replace('"v":1', '"v":2'))
    const broken = await ring.run(['check', '--json'])
    expect([broken.code, rulesIn(broken)]).toEqual([3, ['error ring-unreadable .env']])
  })

  it('warns of a rotation that is not finished', async () => {
    const ring = await makeRing()
    await putSilentLease(ring.file)
    expect((await ring.run(['rotate', '--reason', 'x', '--timeout', '1s'])).code).toBe(7)
    const unfinished = await ring.run(['check', '--json'])
    expect([unfinished.code, rulesIn(unfinished)]).toEqual([0, ['warning rotation-unfinished .env']])
  })

  it('refuses bytes that are overdue to be erased', async () => {
    const ring = await makeRing()
    await ring.run(['rotate', '--mode', 'hard', '--reason', 'x', '--no-fleet'])
    const past = Math.floor(Date.now() / 1000) - 60
    await ring.alter(({ keys }) => ({
      keys: keys.map(key => (key.state === 'suspended' ? { ...key, holdUntil: past } : key)),
    }))
    const overdue = await ring.run(['check', '--json'])
    expect([overdue.code, rulesIn(overdue)]).toEqual([3, ['error erasure-overdue .env']])
  })
})

/** An instance that nobody can reach keeps the gate shut. */
async function putSilentLease(path: string): Promise<void> {
  const file = envFile(path)
  await file.leases.put({
    v: 1,
    instance: 'silent',
    ring: (await file.store.read())?.document.ring ?? '',
    epoch: 0,
    generation: 0,
    kids: [],
    proofs: {},
    process: { host: `not-${hostname()}`, boot: 'another', namespace: '', pid: 1, start: '1' },
    startedAt: Date.now(),
    sentAt: Date.now(),
    counters: noCounters,
    role: 'instance',
  })
}
