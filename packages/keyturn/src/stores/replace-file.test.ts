import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { asStoreError, ownerOf, removeTemporaries, replaceFile } from './replace-file.ts'

const isRoot = process.geteuid?.() === 0
const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: what the system says`), { code })

describe('replaceFile', () => {
  it('makes a file that only its owner can read', () => {
    const path = join(temporaryFolder(), '.env')
    replaceFile(path, 'A=1\n')
    expect(readFileSync(path, 'utf8')).toBe('A=1\n')
    expect(ownerOf(path)).toMatchObject({ mode: 0o600, uid: process.geteuid?.() })
  })

  it('replaces a file whole, and leaves nothing else behind', () => {
    const folder = temporaryFolder()
    const path = join(folder, '.env')
    writeFileSync(path, 'A=1\n'.repeat(1000))
    const { ino } = statSync(path)
    replaceFile(path, 'B=2\n')
    expect(readFileSync(path, 'utf8')).toBe('B=2\n')
    expect(statSync(path).ino).not.toBe(ino)
    expect(readdirSync(folder)).toEqual(['.env'])
  })

  it('gives it the owner and mode asked for, whatever the umask', () => {
    const path = join(temporaryFolder(), '.env')
    writeFileSync(path, '')
    for (const mode of [0o600, 0o640, 0o400, 0o644]) {
      replaceFile(path, 'A=1\n', { ...ownerOf(path), mode })
      expect(ownerOf(path).mode).toBe(mode)
    }
  })

  it.runIf(isRoot)('keeps the owner and the group, also in a folder that hands on its group', () => {
    const folder = temporaryFolder()
    const path = join(folder, '.env')
    writeFileSync(path, '')
    chownSync(path, 65_534, 65_534)
    replaceFile(path, 'A=1\n', ownerOf(path))
    expect(statSync(path)).toMatchObject({ uid: 65_534, gid: 65_534 })

    chownSync(folder, 0, 65_534)
    chmodSync(folder, 0o2770)
    chownSync(path, 0, 0)
    replaceFile(path, 'A=2\n', { ...ownerOf(path), mode: 0o640 })
    expect(statSync(path)).toMatchObject({ uid: 0, gid: 0 })
  })

  it('writes any text as it is', () => {
    const path = join(temporaryFolder(), '.env')
    // A text cut in the middle, wherever that is, must not come apart.
    for (const text of ['', 'x', '🔑', 'a🔑', '🔑b', '🔑🔑🔑', 'é\n', '字'.repeat(3)]) {
      replaceFile(path, text)
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), text => {
        replaceFile(path, text)
        expect(readFileSync(path, 'utf8')).toBe(text)
      }),
      { numRuns: 30 },
    )
  })

  it('says why it could not, and leaves the file as it was', async () => {
    const folder = temporaryFolder()
    await expectError(() => replaceFile(join(folder, 'no', 'folder'), 'A=1\n'), 'ERR_STORE_UNREACHABLE')
    const taken = join(folder, 'taken')
    mkdirSync(join(taken, 'inside'), { recursive: true })
    await expectError(() => replaceFile(taken, 'A=1\n'), 'ERR_STORE_UNREACHABLE')
    expect(readdirSync(folder)).toEqual(['taken'])
  })
})

describe('removeTemporaries', () => {
  it('removes what a killed writer left, and nothing that somebody else made', () => {
    const folder = temporaryFolder()
    const path = join(folder, '.env')
    const others = [
      '.env',
      '.env.keyturn-backup',
      '.env.keyturn-2024',
      '.env.local',
      '.env2.keyturn-0123456789ab',
    ]
    for (const name of [...others, '.env.keyturn-0123456789ab']) writeFileSync(join(folder, name), '')
    removeTemporaries(path)
    expect(readdirSync(folder).sort()).toEqual([...others].sort())
  })
})

describe('asStoreError', () => {
  const codeOf = (code: string, path: string): unknown => asStoreError(systemError(code), path)

  it('tells a full disk, a read-only one and a mount from the rest', () => {
    expect(codeOf('ENOSPC', '/x/.env')).toMatchObject({ code: 'ERR_STORE_FULL' })
    expect(codeOf('EDQUOT', '/x/.env')).toMatchObject({ code: 'ERR_STORE_FULL' })
    expect(codeOf('EROFS', '/x/.env')).toMatchObject({ code: 'ERR_STORE_READ_ONLY' })
    expect(codeOf('EBUSY', '/x/.env')).toMatchObject({ code: 'ERR_CONFIG_FILE_MOUNT' })
    expect(codeOf('EIO', '/x/.env')).toMatchObject({ code: 'ERR_STORE_UNREACHABLE' })
  })

  it('tells a file that cannot be read from a folder that cannot be written to', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, '.env'), '')
    expect(codeOf('EACCES', join(folder, '.env'))).toMatchObject({ code: 'ERR_STORE_READ_ONLY' })
    // What is not there could be read, if it could be made.
    expect(codeOf('EACCES', join(folder, 'missing'))).toMatchObject({ code: 'ERR_STORE_READ_ONLY' })
    expect(codeOf('EPERM', join(folder, 'missing', 'missing'))).toMatchObject({ code: 'ERR_STORE_READ_ONLY' })
  })

  it('leaves errors of its own and of programs as they are', () => {
    const error = new TypeError('a mistake')
    expect(asStoreError(error, '/x')).toBe(error)
    expect(asStoreError(undefined, '/x')).toBeUndefined()
    const own = codeOf('ENOSPC', '/x')
    expect(asStoreError(own, '/y')).toBe(own)
  })

  it('never repeats the words of the system', () => {
    for (const code of ['ENOSPC', 'EROFS', 'EACCES', 'EBUSY', 'EIO'])
      expect(String(codeOf(code, '/x'))).not.toContain('what the system says')
  })
})

describe('ownerOf', () => {
  it('follows a symbolic link', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '', { mode: 0o600 })
    symlinkSync('file', join(folder, 'link'))
    expect(ownerOf(join(folder, 'link'))).toEqual(ownerOf(join(folder, 'file')))
    expect(existsSync(join(folder, 'link'))).toBe(true)
  })
})
