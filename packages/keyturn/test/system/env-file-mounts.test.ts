/** Files and folders that are mounted in ways that do not let them change. Every mount is in a namespace of its own. */
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newRingFile, swapNext } from '../ring-file.ts'
import { inMounts, needNamespaces } from './namespaces.ts'
import { runWorker, startWorker } from './worker-processes.ts'

interface Told {
  readonly code?: string
  readonly name?: string
  readonly message?: string
  readonly generation?: number
}

const lastLine = (stdout: string): string => stdout.trimEnd().split('\n').at(-1) ?? ''
const told = (stdout: string): Told => JSON.parse(lastLine(stdout)) as Told
const toldBoth = (stdout: string): { read: Told; changed: Told } =>
  JSON.parse(lastLine(stdout)) as { read: Told; changed: Told }

describe('a file that is mounted by itself', () => {
  it('stops an application at its start, and says to mount the folder', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path } = await newRingFile()
    const inside = join(folder, 'inside', '.env')
    mkdirSync(join(folder, 'inside'))
    writeFileSync(inside, '')
    const under = inMounts(`mount --bind '${path}' '${inside}'`)
    const { code, stdout, stderr } = await runWorker('start-keyring.js', [inside], { under })
    expect(told(stdout), stderr).toMatchObject({ code: 'ERR_CONFIG_FILE_MOUNT', name: 'ConfigError' })
    expect(told(stdout).message).toContain(`mount the folder ${join(folder, 'inside')} instead`)
    expect(code).toBe(1)
  })

  it('is found behind a symbolic link too', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path } = await newRingFile()
    const inside = join(folder, 'a b', 'mounted')
    mkdirSync(join(folder, 'a b'))
    writeFileSync(inside, '')
    const under = inMounts(
      `mount --bind '${path}' '${inside}'; ln -s mounted '${join(folder, 'a b', '.env')}'`,
    )
    const { stdout, stderr } = await runWorker('start-keyring.js', [join(folder, 'a b', '.env')], { under })
    expect(told(stdout), stderr).toMatchObject({ code: 'ERR_CONFIG_FILE_MOUNT', name: 'ConfigError' })
  })

  it('is refused by a writer, also in an emergency, and stays as it was', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path, text } = await newRingFile()
    const before = text()
    const inside = join(folder, 'inside', '.env')
    mkdirSync(join(folder, 'inside'))
    writeFileSync(inside, '')
    for (const mode of ['graceful', 'emergency']) {
      const under = inMounts(`mount --bind '${path}' '${inside}'`)
      const { stdout, stderr } = await runWorker('change-ring.js', [inside, mode], { under })
      expect(toldBoth(stdout), stderr).toMatchObject({
        read: { generation: 1 },
        changed: { code: 'ERR_CONFIG_FILE_MOUNT', name: 'ConfigError' },
      })
    }
    expect(text()).toBe(before)
    expect(readdirSync(join(folder, 'inside')).filter(name => name.startsWith('.env'))).toEqual(['.env'])
  })

  it('is deaf once it is replaced outside: the reader says so, and does not read the old one for ever', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path, file, ring } = await newRingFile()
    const inside = join(folder, 'inside', '.env')
    mkdirSync(join(folder, 'inside'))
    writeFileSync(inside, '')
    // The mount pins the file that is then replaced: no name leads to it any more.
    const under = inMounts(`mount --bind '${path}' '${inside}'; echo mounted; read -r go`)
    const worker = startWorker('change-ring.js', [inside], { under })
    await worker.printed('mounted')
    await swapNext(file, ring)
    worker.child.stdin?.write('go\n')
    const { stdout, stderr } = await worker.ended
    expect(toldBoth(stdout), stderr).toMatchObject({
      read: { code: 'ERR_CONFIG_FILE_MOUNT', name: 'ConfigError' },
      changed: { code: 'ERR_CONFIG_FILE_MOUNT', name: 'ConfigError' },
    })
  })

  it('is none when its folder is mounted: changes arrive', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path, file, ring } = await newRingFile()
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    const under = inMounts(`mount --bind '${folder}' '${inside}'`)
    const worker = startWorker('start-keyring.js', [join(inside, '.env')], { under })
    await worker.printed('ready')
    await swapNext(file, ring)
    await expect
      .poll(
        () => {
          worker.child.stdin?.write('?\n')
          return worker.stdout()
        },
        { timeout: 15_000, interval: 300 },
      )
      .toContain('"generation":2')
    expect(path).toBe(join(folder, '.env'))
  })
})

describe('a folder on a read-only file system', () => {
  it('can be read; a writer says what is wrong, and nothing is changed', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path, text } = await newRingFile()
    const before = text()
    const under = inMounts(`mount --bind '${folder}' '${folder}'; mount -o remount,ro,bind '${folder}'`)
    const { stdout, stderr } = await runWorker('change-ring.js', [path], { under })
    expect(toldBoth(stdout), stderr).toMatchObject({
      read: { generation: 1 },
      changed: { code: 'ERR_STORE_READ_ONLY', name: 'StoreError' },
    })
    expect(text()).toBe(before)
  })

  it('stops an application that could not show its lease', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path } = await newRingFile()
    const under = inMounts(`mount --bind '${folder}' '${folder}'; mount -o remount,ro,bind '${folder}'`)
    const { stdout, stderr } = await runWorker('start-keyring.js', [path], { under })
    expect(told(stdout), stderr).toMatchObject({ code: 'ERR_STORE_READ_ONLY' })
  })

  it('says the same where no state folder could be made yet', async context => {
    needNamespaces(context, 'mounts')
    const { folder, path } = await newRingFile()
    const bare = join(folder, 'bare')
    mkdirSync(bare)
    const copy = `cp '${path}' '${bare}/.env'; mount --bind '${bare}' '${bare}'; mount -o remount,ro,bind '${bare}'`
    const { stdout, stderr } = await runWorker('change-ring.js', [join(bare, '.env')], {
      under: inMounts(copy),
    })
    expect(toldBoth(stdout), stderr).toMatchObject({
      read: { generation: 1 },
      changed: { code: 'ERR_STORE_READ_ONLY' },
    })
    chmodSync(bare, 0o700)
  })
})
