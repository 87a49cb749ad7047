/** Several users at one file: what each may do, and what each is told. */
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { envFile } from '../../src/stores/env-file.ts'
import { nothing } from '../ring-file.ts'
import { firstRing } from '../sample-rings.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { needOtherUsers } from './namespaces.ts'
import { runWorker, startWorker } from './worker-processes.ts'

const [alice, bob, staff] = [65_531, 65_532, 65_533]

interface Told {
  readonly code?: string
  readonly name?: string
  readonly generation?: number
}

/** What a change comes to when that user makes it. */
async function asUser(uid: number, path: string, gid = staff): Promise<{ read: Told; changed: Told }> {
  const { stdout, stderr } = await runWorker('change-ring.js', [path], { uid, gid })
  expect(stdout, stderr).toContain('{')
  return JSON.parse(stdout) as { read: Told; changed: Told }
}

/** A file of Alice's, in her own folder, that root made. */
async function fileOfAlice(mode = 0o600, folderMode = 0o755): Promise<{ folder: string; path: string }> {
  const outer = temporaryFolder()
  chmodSync(outer, 0o755)
  const folder = join(outer, 'app')
  mkdirSync(folder)
  chownSync(folder, alice, staff)
  chmodSync(folder, folderMode)
  const path = join(folder, '.env')
  writeFileSync(path, '# kept\n', { mode: 0o600 })
  chownSync(path, alice, staff)
  await envFile(path).store.compareAndSwap(nothing, firstRing())
  chmodSync(path, mode)
  return { folder, path }
}

describe('several users', () => {
  it('lets the owner go on alone after root has written', async context => {
    needOtherUsers(context)
    const { path } = await fileOfAlice()
    expect(await asUser(alice, path)).toMatchObject({ read: { generation: 1 }, changed: { generation: 2 } })
    const trail = await envFile(path).trail()
    expect(trail).toMatchObject({ entries: [{ generation: 1 }, { generation: 2 }], notes: [] })
  })

  it('tells a stranger that the file cannot be read', async context => {
    needOtherUsers(context)
    const { path } = await fileOfAlice()
    expect(await asUser(bob, path)).toMatchObject({
      read: { code: 'ERR_STORE_DENIED', name: 'StoreError' },
      changed: { code: 'ERR_STORE_DENIED' },
    })
    const hidden = await fileOfAlice(0o600, 0o700)
    expect(await asUser(bob, hidden.path)).toMatchObject({ read: { code: 'ERR_STORE_DENIED' } })
  })

  it('tells who may read but not write so, and changes nothing', async context => {
    needOtherUsers(context)
    const { folder, path } = await fileOfAlice(0o640)
    expect(await asUser(bob, path)).toMatchObject({
      read: { generation: 1 },
      changed: { code: 'ERR_STORE_DENIED', name: 'StoreError' },
    })
    // The same before any state folder is there.
    const bare = join(folder, 'bare')
    mkdirSync(bare)
    chownSync(bare, alice, staff)
    writeFileSync(join(bare, '.env'), `JWT_SECRET_KEY=${'x'.repeat(64)}\n`, { mode: 0o640 })
    chmodSync(join(bare, '.env'), 0o640)
    chownSync(join(bare, '.env'), alice, staff)
    expect(await asUser(bob, join(bare, '.env'))).toMatchObject({ changed: { code: 'ERR_STORE_READ_ONLY' } })
    expect(readdirSync(bare)).toEqual(['.env'])
  })

  it('refuses a writer who could not keep the owner, and leaves the file as it was', async context => {
    needOtherUsers(context)
    const outer = temporaryFolder()
    chmodSync(outer, 0o755)
    const folder = join(outer, 'app')
    mkdirSync(folder)
    chownSync(folder, bob, staff)
    const path = join(folder, '.env')
    writeFileSync(path, `JWT_SECRET_KEY=${'x'.repeat(64)}\n`)
    chownSync(path, alice, staff)
    chmodSync(path, 0o640)
    const before = statSync(path)
    expect(await asUser(bob, path)).toMatchObject({
      read: { generation: 0 },
      changed: { code: 'ERR_STORE_OWNER', name: 'StoreError' },
    })
    expect(statSync(path)).toMatchObject({ uid: alice, gid: staff, ino: before.ino, size: before.size })
    expect(readdirSync(folder).sort()).toEqual(['.env', '.keyturn'])
  })

  it("waits for root's lock, and says who holds it", async context => {
    needOtherUsers(context)
    const { path } = await fileOfAlice()
    const lock = join(envFile(path).stateFolder, 'lock')
    const holder = startWorker('hold-lock.js', [lock])
    await holder.printed('held')
    const blocked = startWorker('change-ring.js', [path], { uid: alice, gid: staff })
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(blocked.stdout()).toBe('')
    holder.child.stdin?.write('release\n')
    expect((await blocked.ended).stdout).toContain('"changed":{"generation":2}')
  })

  it("takes over root's lock when root's process was killed", async context => {
    needOtherUsers(context)
    const { path } = await fileOfAlice()
    const holder = startWorker('hold-lock.js', [join(envFile(path).stateFolder, 'lock')])
    await holder.printed('held')
    holder.child.kill('SIGKILL')
    await holder.ended
    expect(await asUser(alice, path)).toMatchObject({ changed: { generation: 2 } })
    expect(readdirSync(envFile(path).stateFolder).sort()).toEqual(['audit.jsonl', 'leases'])
  })
})
