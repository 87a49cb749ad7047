/** A file that holds no ring, or half a one. */
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { newRingFile, nothing, swapNext } from '../../test/ring-file.ts'
import { firstRing, legacyRing } from '../../test/sample-rings.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { envFile } from './env-file.ts'

describe('a file that is no ring', () => {
  it('is none when it is missing or empty, or has no secret in it', async () => {
    const path = join(temporaryFolder(), '.env')
    expect(await envFile(path).store.read()).toBeUndefined()
    for (const text of ['', '\n\n', '# only a comment\n', 'OTHER=1\n']) {
      writeFileSync(path, text)
      expect(await envFile(path).store.read()).toBeUndefined()
    }
  })

  it('is refused when it is a folder', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '.env'))
    const { store } = envFile(join(folder, '.env'))
    expect(await expectError(() => store.read(), 'ERR_STORE_INVALID')).toContain(join(folder, '.env'))
    await expectError(() => store.compareAndSwap(nothing, firstRing()), 'ERR_STORE_INVALID')
    expect(lstatSync(join(folder, '.env')).isDirectory()).toBe(true)
  })

  it('is refused when it is longer than 1 MiB', async () => {
    const { path, file, ring, text } = await newRingFile()
    appendFileSync(path, `# ${'x'.repeat(1_048_576)}\n`)
    const before = text()
    await expectError(() => file.store.read(), 'ERR_STORE_INVALID')
    await expectError(() => swapNext(file, ring), 'ERR_STORE_INVALID')
    expect(text()).toBe(before)
  })

  it('is refused when JWT_KEYRING is torn, and nothing is lost', async () => {
    const { path, file, ring, text } = await newRingFile()
    for (let cut = 1; cut < 400; cut += 20) {
      writeFileSync(path, text().trimEnd().slice(0, -20))
      const before = text()
      await expectError(() => file.store.read(), 'ERR_RING_INVALID')
      await expectError(() => swapNext(file, ring), 'ERR_RING_INVALID')
      expect(text()).toBe(before)
    }
  })

  it('is refused when it was emptied under the writer, and not filled anew', async () => {
    const { path, file, ring, text } = await newRingFile()
    writeFileSync(path, '')
    await expectError(() => swapNext(file, ring), 'ERR_RING_CONFLICT')
    expect(text()).toBe('')
    rmSync(path)
    await expectError(() => swapNext(file, ring), 'ERR_RING_CONFLICT')
    expect(existsSync(path)).toBe(false)
  })

  it('is refused when a stray quote would swallow what is written', async () => {
    const path = join(temporaryFolder(), '.env')
    writeFileSync(path, "MOTTO='tis the season\n", { mode: 0o600 })
    const { store } = envFile(path)
    await expectError(() => store.compareAndSwap(nothing, legacyRing('# weak')), 'ERR_STORE_INVALID')
    expect(readFileSync(path, 'utf8')).toBe("MOTTO='tis the season\n")
    await store.compareAndSwap(nothing, firstRing())
    expect(await store.read()).toBeDefined()
  })

  it('is refused when a secret cannot be quoted', async () => {
    const path = join(temporaryFolder(), '.env')
    const { store } = envFile(path)
    const message = await expectError(
      () => store.compareAndSwap(nothing, legacyRing(`it's "weak"`)),
      'ERR_STORE_INVALID',
    )
    expect(message).not.toContain('weak')
    expect(existsSync(path)).toBe(false)
  })
})
