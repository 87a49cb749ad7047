/** Several environments at once: all or none. */
import { createKeyring, type Keyring } from 'keyturn'
import { envFile } from 'keyturn/stores/env-file'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keyturn, statusOf } from '../support/cli.ts'

const names = ['development', 'staging', 'production']

async function makeEnvironments(): Promise<{
  folder: string
  fileOf: (name: string) => string
  keyrings: Keyring[]
}> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-environments-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const fileOf = (name: string): string => join(folder, name, '.env')
  const environments = Object.fromEntries(
    names.map(name => [name, { store: { type: 'env-file', path: `${name}/.env` }, lease: '2s' }]),
  )
  writeFileSync(join(folder, 'keyturn.config.json'), JSON.stringify({ application: 'immonow', environments }))
  const keyrings: Keyring[] = []
  for (const name of names) {
    mkdirSync(join(folder, name))
    const done = await keyturn(['init', '-e', name], { cwd: folder })
    expect(done, done.stderr).toMatchObject({ code: 0 })
    const keyring = await createKeyring({ source: envFile(fileOf(name)), log: () => undefined })
    onTestFinished(() => keyring.close())
    keyrings.push(keyring)
  }
  return { folder, fileOf, keyrings }
}

describe('keyturn rotate --all-environments', () => {
  it('activates nothing anywhere when one gate stays shut', async () => {
    const { folder, fileOf, keyrings } = await makeEnvironments()
    const before = keyrings.map(keyring => keyring.activeKid)
    // An instance of staging that is alive and never acknowledges.
    const { leases } = envFile(fileOf('staging'))
    const [lease] = await leases.list()
    if (lease) await leases.put({ ...lease, instance: 'deaf', sentAt: Date.now() })
    const failed = await keyturn(['rotate', '--all-environments', '--reason', 'all', '--timeout', '1s'], {
      cwd: folder,
    })
    expect(failed, failed.stderr).toMatchObject({ code: 7 })
    expect(failed.stdout).toContain('deaf')
    for (const [index, name] of names.entries()) {
      const status = await statusOf(fileOf(name))
      expect(status.operation).toBeNull()
      expect(status.keys.map(key => [key.kid, key.state])).toEqual([[before[index], 'active']])
    }
  })

  it('activates everywhere when every gate is open', async () => {
    const { folder, fileOf } = await makeEnvironments()
    const done = await keyturn(['rotate', '--all-environments', '--reason', 'all'], { cwd: folder })
    expect(done, done.stderr).toMatchObject({ code: 0 })
    for (const name of names)
      expect((await statusOf(fileOf(name))).keys.map(key => key.state).sort()).toEqual(['active', 'retiring'])
  })

  it('refuses two environments with one secret', async () => {
    const { folder, fileOf } = await makeEnvironments()
    copyFileSync(fileOf('staging'), fileOf('production'))
    for (const args of [['--all-environments'], ['-e', 'production']]) {
      const refused = await keyturn(['rotate', ...args, '--reason', 'shared'], { cwd: folder })
      expect(refused, refused.stderr).toMatchObject({ code: 6 })
      expect(refused.stderr).toMatch(/staging and production share the secret/)
    }
    // A hard rotation is the way out.
    for (const flags of [['--mode', 'hard', '--no-fleet'], ['--no-fleet']]) {
      const done = await keyturn(['rotate', '-e', 'production', ...flags, '--reason', 'own'], { cwd: folder })
      expect(done, done.stderr).toMatchObject({ code: 0 })
    }
  })

  it('exits 5 for an environment that the configuration does not name', async () => {
    const { folder } = await makeEnvironments()
    expect(await keyturn(['status', '-e', 'produktion'], { cwd: folder })).toMatchObject({ code: 5 })
  })
})
