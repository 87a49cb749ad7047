/** Who may read the file and who owns it, before and after a change. */
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { newRingFile, nextRing, nothing, swapNext } from '../../test/ring-file.ts'
import { changed, firstRing, freshKey, now } from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { expectedOf } from '../ports/hash.ts'
import { noCounters, type Lease } from '../ports/lease-board.ts'
import { emergency } from '../ring/emergency.ts'
import { thisProcess } from '../process-identity.ts'
import { envFile, isOpenToOthers } from './env-file.ts'

const isRoot = process.geteuid?.() === 0
const [user, group] = [65_534, 65_533]
const modeOf = (path: string): number => statSync(path).mode & 0o7777
const ownerOf = (path: string): number[] => [statSync(path).uid, statSync(path).gid]

describe('the mode of the file', () => {
  it('is kept', async () => {
    const { path, file, ring } = await newRingFile()
    let last = ring
    for (const mode of [0o600, 0o640, 0o400, 0o440, 0o700]) {
      chmodSync(path, mode)
      last = await swapNext(file, last)
      expect(modeOf(path)).toBe(mode)
    }
  })

  it('stops a writer when others can read it, or the group can write it', async () => {
    const { path, file, ring, text } = await newRingFile()
    const before = text()
    for (const mode of [0o644, 0o604, 0o666, 0o620, 0o660, 0o601, 0o602]) {
      chmodSync(path, mode)
      expect(isOpenToOthers(mode)).toBe(true)
      await expectError(() => swapNext(file, ring), 'ERR_STORE_MODE')
      expect(modeOf(path)).toBe(mode)
      expect(file.modeWarning()).toContain('others can read')
    }
    expect(text()).toBe(before)
  })

  it('is a warning while only the group can read it', async () => {
    const { path, file } = await newRingFile()
    expect(file.modeWarning()).toBeUndefined()
    chmodSync(path, 0o640)
    expect(isOpenToOthers(0o640)).toBe(false)
    expect(file.modeWarning()).toContain('the group can read')
    expect(envFile(join(temporaryFolder(), '.env')).modeWarning()).toBeUndefined()
  })

  it('does not stop an emergency', async () => {
    const { path, file, ring } = await newRingFile()
    chmodSync(path, 0o644)
    const fresh = freshKey()
    const next = changed(ring, document => emergency(document, { fresh: fresh.key, now }), {
      fresh,
      deed: { mode: 'emergency' },
    })
    await file.store.compareAndSwap(expectedOf(ring.document), next)
    expect((await file.store.read())?.document).toEqual(next.document)
    expect(modeOf(path)).toBe(0o644)
  })

  it('is 0600 for a new file, whatever the mode of its folder and the umask', async () => {
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))
    for (const make of ['swap', 'create', 'add'] as const) {
      const folder = temporaryFolder()
      chmodSync(folder, 0o755)
      const path = join(folder, '.env')
      const file = envFile(path)
      if (make === 'create') file.createFile()
      if (make === 'add') await file.addVariable('JWT_SECRET_KEY', 'x')
      if (make === 'swap') await file.store.compareAndSwap(nothing, firstRing())
      expect([make, modeOf(path)]).toEqual([make, 0o600])
    }
  })

  it('is 0700 for the folders beside it and 0600 for the files in them', async () => {
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))
    const { folder, file } = await newRingFile()
    for (const path of [join(folder, '.keyturn'), file.stateFolder, join(file.stateFolder, 'leases')])
      expect(modeOf(path)).toBe(0o700)
    expect(modeOf(file.auditPath)).toBe(0o600)
  })

  it('is left alone by createFile when there is a file', () => {
    const path = join(temporaryFolder(), '.env')
    writeFileSync(path, 'A=1\n', { mode: 0o640 })
    envFile(path).createFile()
    expect([modeOf(path), statSync(path).size]).toEqual([0o640, 4])
  })
})

const lease = (instance: string): Lease => ({
  v: 1,
  instance,
  ring: 'immonow/test',
  epoch: 0,
  generation: 1,
  kids: [],
  proofs: {},
  process: thisProcess(),
  startedAt: 0,
  sentAt: 0,
  counters: noCounters,
  role: 'instance',
})

describe.runIf(isRoot)("root, at work on somebody else's file", () => {
  it('keeps its owner and group', async () => {
    const { path, file, ring } = await newRingFile()
    chownSync(path, user, group)
    chmodSync(path, 0o640)
    const next = await swapNext(file, ring)
    expect(ownerOf(path)).toEqual([user, group])
    expect(modeOf(path)).toBe(0o640)
    await swapNext(file, next)
    expect(ownerOf(path)).toEqual([user, group])
  })

  it('keeps the group in a folder that hands on its own', async () => {
    const { folder, path, file, ring } = await newRingFile()
    chownSync(folder, 0, group)
    chmodSync(folder, 0o2770)
    chmodSync(path, 0o640)
    await swapNext(file, ring)
    expect(ownerOf(path)).toEqual([0, 0])
  })

  it('leaves everything it makes to the owner, who must be able to go on alone', async () => {
    const folder = temporaryFolder()
    const path = join(folder, '.env')
    writeFileSync(path, '', { mode: 0o600 })
    chownSync(path, user, group)
    const file = envFile(path)
    await file.store.compareAndSwap(nothing, firstRing())
    await file.leases.put(lease('one'))
    const made = [
      '.keyturn',
      '.keyturn/env',
      '.keyturn/env/leases',
      '.keyturn/env/leases/one.json',
      '.keyturn/env/audit.jsonl',
    ]
    for (const name of ['.env', ...made])
      expect([name, ...ownerOf(join(folder, name))]).toEqual([name, user, group])
  })

  it('leaves a trail that is kept elsewhere to the owner, with the folders made for it', async () => {
    const base = temporaryFolder()
    const path = join(temporaryFolder(), '.env')
    writeFileSync(path, '', { mode: 0o600 })
    chownSync(path, user, group)
    const file = envFile(path, { auditPath: join(base, 'a', 'b', 'trail.jsonl') })
    await file.store.compareAndSwap(nothing, firstRing())
    for (const name of ['a', 'a/b', 'a/b/trail.jsonl'])
      expect([name, ...ownerOf(join(base, name))]).toEqual([name, user, group])
    expect(ownerOf(base)).toEqual([0, 0])
  })

  it("makes a new file for the folder's owner", async () => {
    const folder = temporaryFolder()
    chownSync(folder, user, group)
    const file = envFile(join(folder, '.env'))
    await file.store.compareAndSwap(nothing, firstRing())
    expect(ownerOf(file.path)).toEqual([user, group])
    expect(modeOf(file.path)).toBe(0o600)
  })
})

describe('a folder that cannot be written to', () => {
  it.skipIf(isRoot)('says so, and nothing is changed', async () => {
    const { folder, file, ring, text } = await newRingFile()
    const before = text()
    chmodSync(folder, 0o500)
    onTestFinished(() => chmodSync(folder, 0o700))
    await expectError(() => swapNext(file, ring), 'ERR_STORE_READ_ONLY')
    expect(text()).toBe(before)
    expect((await file.store.read())?.document).toEqual(ring.document)
  })

  it('is not the state folder alone: a file in its place is told', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, '.keyturn'), '')
    const { store } = envFile(join(folder, '.env'))
    await expectError(() => store.compareAndSwap(nothing, nextRing(firstRing())), 'ERR_STORE_UNREACHABLE')
    expect(existsSync(join(folder, '.env'))).toBe(false)
    mkdirSync(join(folder, 'other'))
  })
})
