import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { lockDataFolder } from './data-folder-lock.ts'

const built = new URL('../../dist/database/data-folder-lock.js', import.meta.url).href

/** A process that holds the lock until it is killed. */
async function holder(folder: string): Promise<{ kill: () => Promise<void> }> {
  const code = `import(${JSON.stringify(built)}).then(({ lockDataFolder }) => {
    globalThis.release = lockDataFolder(${JSON.stringify(folder)})
    process.stdout.write('held')
    setInterval(() => undefined, 1000)
  })`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await Promise.race([once(child.stdout, 'data'), ended])
  expect(child.exitCode, stderr).toBeNull()
  return { kill }
}

describe('lockDataFolder', () => {
  it('lets one at a time into a folder', async () => {
    const folder = join(temporaryFolder(), 'new')
    const unlock = lockDataFolder(folder)
    const message = await expectError(() => lockDataFolder(folder), 'ERR_HUB_IN_USE')
    expect(message).toContain(folder)
    lockDataFolder(temporaryFolder())()
    unlock()
    lockDataFolder(folder)()
    expect(statSync(join(folder, 'hub.lock')).mode & 0o777).toBe(0o600)
  })

  it('refuses a folder that another process holds, until that is gone, even if it was killed', async () => {
    const folder = temporaryFolder()
    const { kill } = await holder(folder)
    for (let turn = 0; turn < 3; turn += 1) await expectError(() => lockDataFolder(folder), 'ERR_HUB_IN_USE')
    await kill()
    lockDataFolder(folder)()
  })

  it('says what is wrong with a folder that cannot be used', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    await expectError(() => lockDataFolder(join(folder, 'file')), 'ERR_STORE_UNREACHABLE')
    writeFileSync(
      join(folder, 'hub.lock'),
      'no database at all, and long enough to be read as one. '.repeat(100),
    )
    await expectError(() => lockDataFolder(folder), 'ERR_HUB_DATABASE')
  })
})
