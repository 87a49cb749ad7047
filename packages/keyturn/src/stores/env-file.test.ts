import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { newRingFile, nextRing, nothing, swapNext } from '../../test/ring-file.ts'
import { firstRing, rotatedRing, stagedRing } from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { expectedOf } from '../ports/hash.ts'
import { generateSecret } from '../secret/generate.ts'
import { envFile } from './env-file.ts'

const revealed = (secrets: ReadonlyMap<string, { reveal(): string }>): string[][] =>
  [...secrets].map(([kid, secret]) => [kid, secret.reveal()]).sort(([a = ''], [b = '']) => a.localeCompare(b))

describe('envFile', () => {
  it('keeps a ring whole, and the other lines as they are', async () => {
    const { file, ring, text } = await newRingFile()
    const rotated = stagedRing(rotatedRing(ring))
    await file.store.compareAndSwap(expectedOf(ring.document), rotated)
    const found = await file.store.read()
    expect(found?.document).toEqual(rotated.document)
    expect(revealed(found?.secrets ?? new Map())).toEqual(revealed(rotated.secrets))
    expect(text()).toMatch(/^# first\nDATABASE_URL="postgres:\/\/x" # note\nJWT_SECRET_KEY=/)
  })

  it('keeps other lines octet for octet, also those that are not UTF-8', async () => {
    const { path, file, ring } = await newRingFile()
    const before = Buffer.concat([
      Buffer.from('# clé\r\n', 'latin1'),
      Buffer.from([0x41, 0x3d, 0xff, 0xfe, 0x0a]),
      Buffer.from('B=🔑 é\n'),
    ])
    const after = Buffer.concat([
      Buffer.from('\n# '),
      Buffer.from([0xed, 0xa0, 0x80, 0xc3]),
      Buffer.from('\n'),
    ])
    writeFileSync(path, Buffer.concat([before, readFileSync(path), after]))
    await swapNext(file, ring)
    const bytes = readFileSync(path)
    expect(bytes.subarray(0, before.length).equals(before)).toBe(true)
    expect(bytes.subarray(-after.length).equals(after)).toBe(true)
  })

  it('has one winner for each generation', async () => {
    const { file, ring } = await newRingFile()
    const rivals = Array.from({ length: 8 }, (_, index) => nextRing(ring, `rival ${index}`))
    const results = await Promise.allSettled(
      rivals.map(next => file.store.compareAndSwap(expectedOf(ring.document), next)),
    )
    const winner = results.findIndex(({ status }) => status === 'fulfilled')
    const losers = results.filter(({ status }) => status === 'rejected')
    expect(losers).toHaveLength(7)
    for (const { reason } of losers as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: 'ERR_RING_CONFLICT' })
    expect((await file.store.read())?.document).toEqual(rivals[winner]?.document)
  })

  it('refuses a swap that expects another ring, and changes nothing', async () => {
    const { file, ring, text } = await newRingFile()
    const before = text()
    const known = expectedOf(ring.document)
    for (const wrong of [
      nothing,
      { ...known, generation: 2 },
      { ...known, epoch: 1 },
      { ...known, hash: 'x' },
    ])
      await expectError(() => file.store.compareAndSwap(wrong, nextRing(ring)), 'ERR_RING_CONFLICT')
    const empty = envFile(join(temporaryFolder(), '.env'))
    await expectError(() => empty.store.compareAndSwap(known, nextRing(ring)), 'ERR_RING_CONFLICT')
    expect(text()).toBe(before)
  })

  it('writes each audit entry once, with the change that carries it', async () => {
    const { file, ring } = await newRingFile()
    let last = ring
    for (let count = 0; count < 5; count += 1) last = await swapNext(file, last)
    const { entries, notes } = await file.trail()
    expect(entries.map(entry => entry.generation)).toEqual([1, 2, 3, 4, 5, 6])
    expect(notes).toEqual([])
    expect(entries.at(-1)).toEqual(last.document.audit)
  })

  it('appends the open entry of the writer before', async () => {
    const { file, ring } = await newRingFile()
    const second = await swapNext(file, ring)
    truncateSync(file.auditPath, statSync(file.auditPath).size - 40)
    expect((await file.trail()).notes).toMatchObject([{ severity: 'note' }])
    await swapNext(file, second)
    expect(await file.trail()).toMatchObject({
      entries: [{ generation: 1 }, { generation: 2 }, { generation: 3 }],
      notes: [],
    })
  })

  it('keeps its trail elsewhere when told to', async () => {
    const auditPath = join(temporaryFolder(), 'deep', 'folder', 'trail.jsonl')
    const { file, ring } = await newRingFile({ auditPath })
    await swapNext(file, ring)
    expect(file.auditPath).toBe(auditPath)
    expect(readFileSync(auditPath, 'utf8').split('\n')).toHaveLength(3)
    expect(existsSync(join(file.stateFolder, 'audit.jsonl'))).toBe(false)
  })

  it('refuses to write over what somebody edits by hand meanwhile', async () => {
    const { path, file, ring, text } = await newRingFile()
    writeFileSync(path, text().replace(/^JWT_SECRET_KEY=.*$/m, `JWT_SECRET_KEY=${generateSecret()}`))
    const edited = text()
    await expectError(() => swapNext(file, ring), 'ERR_RING_EDITED')
    expect(text()).toBe(edited)

    const found = await file.store.read()
    const adopted = { ...nextRing(ring), ...(found?.edited && { edited: found.edited }) }
    writeFileSync(path, text().replace(/^JWT_SECRET_KEY=.*$/m, `JWT_SECRET_KEY=${generateSecret()}`))
    await expectError(() => file.store.compareAndSwap(expectedOf(ring.document), adopted), 'ERR_RING_EDITED')
  })

  it('removes what killed writers left behind', async () => {
    const { folder, file, ring } = await newRingFile()
    writeFileSync(join(folder, '.env.keyturn-0123456789ab'), 'half a fi')
    writeFileSync(join(folder, '.env.keyturn-notes'), 'mine')
    await swapNext(file, ring)
    expect(readdirSync(folder).sort()).toEqual(['.env', '.env.keyturn-notes', '.keyturn'])
    expect(readdirSync(file.stateFolder).sort()).toEqual(['audit.jsonl', 'leases'])
  })

  it('keeps leases, trail and lock in .keyturn, named for the file', () => {
    const folder = temporaryFolder()
    expect(envFile(join(folder, '.env')).stateFolder).toBe(join(folder, '.keyturn', 'env'))
    expect(envFile(join(folder, 'production.env')).stateFolder).toBe(
      join(folder, '.keyturn', 'production.env'),
    )
  })

  it('tells of changes by a hint', async () => {
    const { file, ring } = await newRingFile()
    let hints = 0
    const stop = file.store.watch?.(() => (hints += 1))
    await swapNext(file, ring)
    await expect.poll(() => hints, { timeout: 10_000 }).toBeGreaterThan(0)
    stop?.()
  })
})

describe('a symbolic link to the file', () => {
  it('is followed, and stays one', async () => {
    const { folder, path, file, ring } = await newRingFile()
    const link = join(temporaryFolder(), 'linked.env')
    symlinkSync(path, link)
    const linked = envFile(link)
    expect(linked).toMatchObject({ name: link, path, stateFolder: file.stateFolder })
    const next = await swapNext(linked, ring)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(lstatSync(path).isFile()).toBe(true)
    expect((await file.store.read())?.document).toEqual(next.document)
    expect(readdirSync(folder).sort()).toEqual(['.env', '.keyturn'])
  })

  it('stays one when the file is not there yet', async () => {
    const folder = temporaryFolder()
    const link = join(folder, '.env')
    mkdirSync(join(folder, 'real'))
    symlinkSync('real/app.env', link)
    const file = envFile(link)
    expect(await file.store.read()).toBeUndefined()
    await file.store.compareAndSwap(nothing, firstRing())
    expect(readlinkSync(link)).toBe('real/app.env')
    expect(lstatSync(join(folder, 'real', 'app.env')).isFile()).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['.env', 'real'])
  })
})
