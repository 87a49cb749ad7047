/** An existing project, with a secret that fails today's rules, comes to Keyturn without signing anyone out. */
import { createKeyring } from 'keyturn'
import { envFile } from 'keyturn/stores/env-file'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startBackend } from '../support/backends.ts'
import { keyturn, statusOf } from '../support/cli.ts'

/** Fifty characters as Django draws them, spelled out so that no scanner takes it for a live one. */
const djangoStyle = `${'q#8$w&'.repeat(4)}${'(z_e)*'.repeat(4)}=!`

function tokenOf(secret: string, header: Record<string, unknown>): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const input = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode({ sub: '7', iat: now - 60, exp: now + 86_400 })}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

function makeFolder(text: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-adopt-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, '.env')
  writeFileSync(file, text, { mode: 0o600 })
  return { folder, file }
}

describe('keyturn init --adopt', () => {
  for (const secret of [djangoStyle, 'changeme']) {
    it(`takes a secret of ${secret.length} characters over: its tokens stay valid, a fresh key signs`, async () => {
      expect(djangoStyle).toHaveLength(50)
      const { folder, file } = makeFolder(`DEBUG=1\nJWT_SECRET_KEY='${secret}'\nOTHER="a b"\n`)
      const weak = await keyturn(['init'], { cwd: folder })
      expect(weak).toMatchObject({ code: 3 })
      expect(weak.stderr).toContain('--adopt')
      await expect(startBackend({ folder, file })).rejects.toThrow(/at least 64 characters/)

      const adopted = await keyturn(
        ['init', '--adopt', '--alias', 'django-1', '--ring', 'immonow/production'],
        { cwd: folder },
      )
      expect(adopted, adopted.stderr).toMatchObject({ code: 0 })
      const text = readFileSync(file, 'utf8')
      expect(text).toMatch(/^DEBUG=1\nJWT_SECRET_KEY=[\w-]{64}\n/)
      expect(text).toContain('OTHER="a b"\n')
      expect(text).toContain(`JWT_SECRET_KEY_LEGACY=${/^\w+$/.test(secret) ? secret : `'${secret}'`}\n`)
      await startBackend({ folder, file })
      const keyring = await createKeyring({ source: envFile(file), log: () => undefined })
      expect((await keyring.authenticate(tokenOf(secret, {}))).payload.sub).toBe('7')
      expect((await keyring.authenticate(tokenOf(secret, { kid: 'django-1' }))).payload.sub).toBe('7')
      expect((await keyring.authenticate(keyring.sign({ sub: '8' }, { expiresIn: '1m' }))).kid).toBe(
        keyring.activeKid,
      )
      const { keys } = await statusOf(file)
      expect(keys.map(key => key.state).sort()).toEqual(['active', 'retiring'])

      const hard = await keyturn(['rotate', '--mode', 'hard', '--reason', 'done with it'], { cwd: folder })
      expect(hard, hard.stderr).toMatchObject({ code: 0 })
      await keyring.fresh()
      await expect(keyring.authenticate(tokenOf(secret, { kid: 'django-1' }))).rejects.toMatchObject({
        code: 'ERR_KEY_SUSPENDED',
      })
      const back = await keyturn(['rollback', '--reason', 'not yet'], { cwd: folder })
      expect(back, back.stderr).toMatchObject({ code: 0 })
      await keyring.fresh()
      expect((await keyring.authenticate(tokenOf(secret, { kid: 'django-1' }))).payload.sub).toBe('7')
      await keyring.close()
    })
  }

  it('keeps a good secret and only begins the record', async () => {
    const secret = Buffer.from(createHmac('sha384', 'fixed').update('for this test').digest()).toString(
      'base64url',
    )
    const { folder, file } = makeFolder(`JWT_SECRET_KEY=${secret}\n`)
    const done = await keyturn(['init'], { cwd: folder })
    expect(done, done.stderr).toMatchObject({ code: 0 })
    expect(readFileSync(file, 'utf8')).toContain(`JWT_SECRET_KEY=${secret}\n`)
    expect((await keyturn(['init'], { cwd: folder })).code).toBe(0)
    expect((await statusOf(file)).generation).toBe(1)
  })
})

describe('afterChange', () => {
  const script = (folder: string): string => join(folder, 'restart.sh')

  async function makeFixed(command: (folder: string) => string): Promise<{ folder: string; file: string }> {
    const { folder, file } = makeFolder('')
    writeFileSync(
      join(folder, 'keyturn.config.json'),
      JSON.stringify({
        application: 'immonow',
        environments: { test: { store: { type: 'env-file', path: '.env' }, afterChange: command(folder) } },
      }),
    )
    expect(await keyturn(['init', '-e', 'test'], { cwd: folder })).toMatchObject({ code: 0 })
    return { folder, file }
  }

  it('restarts a process with a fixed environment, which then holds the new key', async () => {
    const { folder, file } = await makeFixed(each => `sh ${script(each)}`)
    // As systemd does: the old process goes, a new one gets the file's variables.
    writeFileSync(
      script(folder),
      `test -f pid && kill "$(cat pid)"\nset -a; . ${file}; set +a\nsleep 300 > sleep.log 2>&1 &\necho $! > pid\n`,
    )
    onTestFinished(() => {
      try {
        process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL')
      } catch {
        // It never started.
      }
    })
    const done = await keyturn(['rotate', '-e', 'test', '--reason', 'fixed', '--no-fleet'], { cwd: folder })
    expect(done, done.stderr).toMatchObject({ code: 0 })
    const environment = readFileSync(
      `/proc/${readFileSync(join(folder, 'pid'), 'utf8').trim()}/environ`,
      'utf8',
    )
    const text = readFileSync(file, 'utf8')
    expect(environment).toContain(/^JWT_SECRET_KEY=.*$/m.exec(text)?.[0])
  })

  it('that fails leaves the operation to be resumed', async () => {
    const { folder, file } = await makeFixed(() => 'exit 3')
    const failed = await keyturn(['rotate', '-e', 'test', '--reason', 'fixed', '--no-fleet'], { cwd: folder })
    expect(failed).toMatchObject({ code: 1 })
    expect(failed.stderr).toContain('ERR_AFTER_CHANGE')
    expect((await statusOf(file)).operation?.mode).toBe('graceful')
    expect(await keyturn(['rotate', '--abort', '-e', 'test'], { cwd: folder })).toMatchObject({ code: 1 })
    expect((await statusOf(file)).operation).toBeNull()
  })
})
