import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { documentOf, type Status } from '../../../test/support/cli.ts'
import { makeRing } from './ring-folder.ts'

describe('keyturn init', () => {
  it('makes a .env of mode 0600 that signs at once, and twice is once', async () => {
    const ring = await makeRing({}, false)
    const first = await ring.run(['init', '--ring', 'immonow/production'])
    expect(first, first.stderr).toMatchObject({ code: 0 })
    expect(statSync(ring.file).mode & 0o777).toBe(0o600)
    const text = readFileSync(ring.file, 'utf8')
    expect(text).toMatch(/^JWT_SECRET_KEY=[\w-]{64}\nJWT_KEYRING='\{[^' #$\\]*\}'\n$/)
    expect(await ring.run(['init'])).toMatchObject({ code: 0 })
    expect(readFileSync(ring.file, 'utf8')).toBe(text)
    expect(first.stdout + first.stderr).not.toContain(/=([\w-]{64})/.exec(text)?.[1])
  })

  it('keeps a good secret and every other line', async () => {
    const ring = await makeRing({}, false)
    const text = `# mine\nA=1\nexport JWT_SECRET_KEY="${generateSecret()}"\n\nB='x y' # z\n`
    writeFileSync(ring.file, text, { mode: 0o600 })
    expect(await ring.run(['init'])).toMatchObject({ code: 0 })
    const lines = readFileSync(ring.file, 'utf8').split('\n')
    expect(lines.filter(line => !line.includes('JWT_'))).toEqual(['# mine', 'A=1', '', "B='x y' # z", ''])
    expect(lines[2]).toMatch(/^export JWT_SECRET_KEY=[\w-]{64}$/)
  })

  it('refuses to write a file that others can read, and doctor --fix mends it', async () => {
    const ring = await makeRing()
    chmodSync(ring.file, 0o644)
    const refused = await ring.run(['rotate', '--reason', 'x', '--no-fleet'])
    expect(refused).toMatchObject({ code: 6 })
    expect(refused.stderr).toContain('doctor --fix')
    await ring.run(['doctor', '--fix'])
    expect(statSync(ring.file).mode & 0o777).toBe(0o600)
    expect(await ring.run(['rotate', '--reason', 'x', '--no-fleet'])).toMatchObject({ code: 0 })
  })

  it('names the ring by the configuration', async () => {
    const ring = await makeRing({ staging: { grace: '24h', maxTokenLife: '15m' } }, false)
    expect(await ring.run(['init', '-e', 'staging'])).toMatchObject({ code: 0 })
    expect(documentOf<Status>(await ring.run(['status', '--json'])).ring).toBe('immonow/staging')
  })
})

describe('keyturn.config.json', () => {
  async function refusal(configuration: unknown): Promise<{ code: number | null; stderr: string }> {
    const ring = await makeRing({}, false)
    writeFileSync(
      join(ring.folder, 'keyturn.config.json'),
      typeof configuration === 'string' ? configuration : JSON.stringify(configuration),
    )
    const result = await ring.run(['status', '-e', 'production'])
    expect(existsSync(ring.file)).toBe(false)
    return result
  }
  const production = (settings: Record<string, unknown>): unknown => ({
    application: 'immonow',
    environments: { production: { store: { type: 'env-file', path: '.env' }, ...settings } },
  })

  it('is refused with the field that is wrong', async () => {
    for (const [configuration, field] of [
      ['{', 'not JSON'],
      [{ application: 'immonow' }, 'environments'],
      [{ application: 'a b', environments: {} }, 'application'],
      [production({ grace: 'soon' }), 'environments.production.grace'],
      [production({ grase: '48h' }), 'environments.production.grase'],
      [production({ algorithm: 'RS256' }), 'algorithm'],
      [production({ store: { type: 'postgres' } }), 'store.type'],
    ] as const) {
      const result = await refusal(configuration)
      expect(result, field).toMatchObject({ code: 2 })
      expect(result.stderr).toContain(field)
    }
  })

  it('is refused when the grace does not cover the life of a token, or is short without being set', async () => {
    expect(await refusal(production({ grace: '1h' }))).toMatchObject({ code: 2 })
    expect((await refusal(production({ maxTokenLife: '48h' }))).stderr).toContain(
      'maxTokenLife + maxStale + 2 x tolerance',
    )
  })

  it('is refused when it holds a secret, without showing it', async () => {
    const secret = generateSecret()
    for (const settings of [
      { afterChange: `JWT_SECRET_KEY=${secret} docker compose up` },
      { JWT_SECRET_KEY: secret },
    ]) {
      const result = await refusal(production(settings))
      expect(result).toMatchObject({ code: 3 })
      expect(result.stderr).not.toContain(secret.slice(0, 12))
    }
  })

  it('is not known for an environment it does not name: exit 5', async () => {
    expect(await refusal({ application: 'immonow', environments: {} })).toMatchObject({ code: 5 })
  })
})
