import { join } from 'node:path'
import { copyFileSync, existsSync, statSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { documentOf, keyturn, type Status } from '../../../test/support/cli.ts'
import { startHub, type RunningHub } from './running-hub.ts'

async function started(): Promise<RunningHub> {
  const hub = await startHub()
  onTestFinished(() => hub.stop())
  const made = await hub.run(['ring', 'create', 'immonow/production'])
  expect(made, made.stderr).toMatchObject({ code: 0 })
  return hub
}

describe('keyturn without its hub', () => {
  it('kills every key on the data folder, and refuses while a hub runs on it', async () => {
    const hub = await started()
    const { keys } = documentOf<Status>(await hub.run(['status', '--json']))
    const act = ['emergency', '--data', 'data', '--reason', 'a leak', '--confirm', 'immonow/production']
    const running = await keyturn(act, { cwd: hub.folder })
    expect(running).toMatchObject({ code: 6 })
    expect(running.stderr).toContain('ERR_HUB_IN_USE')
    await hub.kill()
    await hub.start()
    await hub.tokenFor('instance:immonow/production')
    await hub.tokenFor('instance:immonow/staging')
    await hub.kill()
    const done = await keyturn([...act, '--revoke-tokens', '--json'], { cwd: hub.folder })
    expect(documentOf(done), done.stderr).toMatchObject({
      ring: 'immonow/production',
      compromised: keys.map(({ kid }) => kid),
      // Those of this ring: nobody else's.
      tokens: [{ name: 'a test', revoked: true }],
    })
    await hub.start()
    // The admin's token is nobody's instance.
    expect(await hub.run(['status'])).toMatchObject({ code: 0 })
  })

  it('makes a link for a new password, and a backup that comes back in a new epoch', async () => {
    const hub = await started()
    await hub.kill()
    const offline = (...args: string[]): ReturnType<typeof keyturn> =>
      keyturn(['server', ...args, '--data', 'data'], { cwd: hub.folder })
    const reset = await offline('operator', 'reset', 'lena')
    expect(reset.stdout, reset.stderr).toMatch(/^\/setup#[\w-]+\.lena\n$/)
    expect(await offline('operator', 'reset', 'nobody')).toMatchObject({ code: 5 })
    const backup = await offline('backup', 'copy')
    expect(backup, backup.stderr).toMatchObject({ code: 0 })
    expect(existsSync(join(hub.folder, 'copy'))).toBe(true)
    expect(statSync(join(hub.folder, 'copy')).mode & 0o077).toBe(0)
    const held = await offline('restore', 'copy')
    expect(held).toMatchObject({ code: 2 })
    expect(held.stderr).toContain('immonow/production, which the backup takes the place of: add --yes')
    const restored = await offline('restore', 'copy', '--yes', '--json')
    expect(documentOf(restored), restored.stderr).toMatchObject({
      rings: [{ ring: 'immonow/production', epoch: 1 }],
    })
    expect(documentOf(await offline('rekey', '--json'))).toMatchObject({ rings: 1 })
  })

  it('makes no database where there is none, but for a restore', async () => {
    const hub = await started()
    const elsewhere = join(hub.folder, 'elsewhere')
    for (const act of [
      ['server', 'backup', 'copy'],
      ['server', 'rekey'],
      ['server', 'operator', 'reset', 'lena'],
    ]) {
      const refused = await keyturn([...act, '--data', elsewhere], { cwd: hub.folder })
      expect(refused, act.join(' ')).toMatchObject({ code: 1 })
      expect(refused.stderr).toContain('holds no database of a hub')
    }
    expect(existsSync(elsewhere)).toBe(false)
    await hub.kill()
    await keyturn(['server', 'backup', 'copy', '--data', 'data'], { cwd: hub.folder })
    copyFileSync(join(hub.folder, 'data', 'master.key'), join(hub.folder, 'key'))
    const env = { KEYTURN_MASTER_KEY_FILE: join(hub.folder, 'key') }
    const restored = await keyturn(['server', 'restore', 'copy', '--data', elsewhere], {
      cwd: hub.folder,
      env,
    })
    expect(restored, restored.stderr).toMatchObject({ code: 0 })
  })

  it('wants a database where --database-url has no value', async () => {
    const hub = await started()
    const without = await keyturn(['emergency', '--database-url', '--reason', 'x'], { cwd: hub.folder })
    expect(without).toMatchObject({ code: 2 })
    expect(without.stderr).toContain('DATABASE_URL')
  })
})

it('keyturn key new-epoch lets changes go on, with what leaked since the backup', async () => {
  const hub = await started()
  const old = documentOf<Status>(await hub.run(['status', '--json'])).keys[0]?.kid ?? ''
  const done = await hub.run(['key', 'new-epoch', '--reason', 'restored', '--compromised', old, '--json'])
  expect(documentOf(done), done.stderr).toMatchObject({ schema: 'keyturn/key-new-epoch/v1', epoch: 1 })
  const { keys } = documentOf<Status>(await hub.run(['status', '--json']))
  expect(keys.find(({ kid }) => kid === old)?.state).toBe('compromised')
})
