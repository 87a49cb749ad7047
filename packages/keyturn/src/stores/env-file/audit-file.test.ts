import {
  appendFileSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  existsSync,
  mkdirSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../../test/expect-error.ts'
import { sampleTrail } from '../../../test/sample-trail.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { canonicalJson } from '../../ring/canonical.ts'
import type { AuditEntry } from '../../ring/document.ts'
import { appendEntry, readTrail } from './audit-file.ts'

const newPath = (): string => join(temporaryFolder(), 'audit.jsonl')
const linesOf = (entries: readonly AuditEntry[]): string =>
  entries.map(each => `${canonicalJson(each)}\n`).join('')

function append(path: string, entries: readonly AuditEntry[]): void {
  for (const entry of entries) appendEntry(path, entry)
}

describe('appendEntry', () => {
  it('writes one canonical line per entry', () => {
    const path = newPath()
    const entries = sampleTrail(5)
    append(path, entries)
    expect(readFileSync(path, 'utf8')).toBe(linesOf(entries))
  })

  it('makes a file that only its owner can read', () => {
    const path = newPath()
    append(path, sampleTrail(1))
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('writes each entry once, however often it is told to', () => {
    const path = newPath()
    const entries = sampleTrail(4)
    for (const entry of entries) append(path, [entry, entry])
    append(path, entries)
    append(path, [entries[3] as AuditEntry])
    expect(readFileSync(path, 'utf8')).toBe(linesOf(entries))
  })

  it('writes entries of a new epoch, whatever their generation', () => {
    const path = newPath()
    const entries = sampleTrail(3)
    append(path, entries)
    append(path, [{ ...(entries[0] as AuditEntry), epoch: 1 }])
    expect(readTrail(path).entries.map(each => [each.epoch, each.generation])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 1],
    ])
  })

  it('keeps both when a ring was begun again: another entry of a generation is another change', () => {
    const path = newPath()
    const entries = sampleTrail(3)
    append(path, entries)
    const again = sampleTrail(2, generation => `begun again ${generation}`)
    for (const entry of again) append(path, [entry, entry])
    append(path, entries)
    expect(readFileSync(path, 'utf8')).toBe(linesOf([...entries, ...again]))
    expect(readTrail(path).notes).toMatchObject([
      { severity: 'broken', line: 4 },
      { severity: 'broken', line: 4 },
    ])
  })

  it('replaces a torn last line, wherever it was torn', () => {
    const entries = sampleTrail(3)
    const whole = linesOf(entries)
    const start = linesOf(entries.slice(0, 2)).length
    for (let length = start; length < whole.length; length += 11) {
      const path = newPath()
      writeFileSync(path, whole.slice(0, length))
      append(path, entries.slice(2))
      expect(readFileSync(path, 'utf8')).toBe(whole)
    }
  })

  it('removes a torn line behind the entry that is there already', () => {
    const path = newPath()
    const entries = sampleTrail(3)
    writeFileSync(path, `${linesOf(entries)}{"v":1,"ring`)
    append(path, entries.slice(2))
    expect(readFileSync(path, 'utf8')).toBe(linesOf(entries))
  })

  it('begins anew when all there is is torn', () => {
    const path = newPath()
    const entries = sampleTrail(1)
    writeFileSync(path, linesOf(entries).slice(0, 20))
    append(path, entries)
    expect(readFileSync(path, 'utf8')).toBe(linesOf(entries))
    const empty = newPath()
    writeFileSync(empty, '')
    append(empty, entries)
    expect(readFileSync(empty, 'utf8')).toBe(linesOf(entries))
  })

  it('finds the last line however long it is', () => {
    const path = newPath()
    const entries = sampleTrail(4, generation => 'long '.repeat(generation * 20_000))
    for (const entry of entries) append(path, [entry, entry])
    expect(readTrail(path).entries.map(each => each.generation)).toEqual([1, 2, 3, 4])

    truncateSync(path, statSync(path).size - 100)
    append(path, entries.slice(3))
    expect(readFileSync(path, 'utf8')).toBe(linesOf(entries))
  })

  it('says why it could not', async () => {
    const entry = sampleTrail(1)[0] as AuditEntry
    const folder = temporaryFolder()
    await expectError(
      () => appendEntry(join(folder, 'missing', 'audit.jsonl'), entry),
      'ERR_STORE_UNREACHABLE',
    )
    mkdirSync(join(folder, 'audit.jsonl'))
    await expectError(() => appendEntry(join(folder, 'audit.jsonl'), entry), 'ERR_STORE_UNREACHABLE')
    expect(existsSync(join(folder, 'missing'))).toBe(false)
  })
})

describe('readTrail', () => {
  it('reads what was appended, without a note', () => {
    const path = newPath()
    const entries = sampleTrail(6)
    append(path, entries)
    expect(readTrail(path)).toEqual({ entries, notes: [] })
  })

  it('takes a missing or empty file for an empty trail', () => {
    expect(readTrail(newPath())).toEqual({ entries: [], notes: [] })
    const path = newPath()
    writeFileSync(path, '')
    expect(readTrail(path)).toEqual({ entries: [], notes: [] })
  })

  it('takes a torn last line for a note, not a fault', () => {
    const path = newPath()
    const entries = sampleTrail(3)
    append(path, entries)
    appendFileSync(path, '{"v":1,"ring":"immo')
    const trail = readTrail(path)
    expect(trail.entries).toEqual(entries)
    expect(trail.notes).toMatchObject([{ severity: 'note', line: 4 }])
  })

  it('reads a trail whose last entry is still open: the next writer appends it', () => {
    const path = newPath()
    const entries = sampleTrail(3)
    append(path, entries.slice(0, 2))
    expect(readTrail(path)).toEqual({ entries: entries.slice(0, 2), notes: [] })
    append(path, entries.slice(2))
    expect(readTrail(path)).toEqual({ entries, notes: [] })
  })

  it('says that it cannot be read: only a file that is not there is an empty trail', async () => {
    const path = newPath()
    mkdirSync(path)
    await expectError(() => readTrail(path), 'ERR_STORE_UNREACHABLE')
    writeFileSync(join(path, 'file'), '')
    await expectError(() => readTrail(join(path, 'file', 'audit.jsonl')), 'ERR_STORE_UNREACHABLE')
  })
})
