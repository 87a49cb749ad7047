/** The audit trail as a file: one canonical JSON line per change. RFC 8785. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { failpoint } from '../../failpoint.ts'
import type { AuditNote, AuditTrail } from '../../ports/audit-log.ts'
import { hashOf } from '../../ports/hash.ts'
import { canonicalJson } from '../../ring/canonical.ts'
import type { AuditEntry } from '../../ring/document.ts'
import { asStoreError, syncFolder } from './write-file.ts'
import { dirname } from 'node:path'

const tailBytes = 65_536

/**
 * Appends the entry unless the file ends with it. A torn last line, left by a crash, is replaced: its entry is
 * the one in JWT_KEYRING, so nothing is lost. Only whoever holds the ring's lock may call it.
 */
export function appendEntry(path: string, entry: AuditEntry): void {
  try {
    const created = !existsSync(path)
    const file = openSync(path, created ? 'ax+' : 'r+', 0o600)
    try {
      const size = fstatSync(file).size
      const { end, last } = readTail(file, size)
      if (last && last.epoch === entry.epoch && last.generation >= entry.generation) {
        if (end < size) ftruncateSync(file, end)
        return
      }
      const line = Buffer.from(`${canonicalJson(entry)}\n`)
      failpoint('audit.before-append')
      if (end < size) ftruncateSync(file, end)
      const half = line.length >> 1
      writeSync(file, line, 0, half, end)
      failpoint('audit.half-written')
      writeSync(file, line, half, line.length - half, end + half)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (created) syncFolder(dirname(path))
  } catch (error) {
    throw asStoreError(error, path)
  }
}

/** Where the last whole line ends, and what it says. */
function readTail(file: number, size: number): { end: number; last: AuditEntry | undefined } {
  const length = Math.min(size, tailBytes)
  const tail = Buffer.alloc(length)
  readSync(file, tail, 0, length, size - length)
  const end = tail.lastIndexOf(0x0a) + 1
  const lines = tail.subarray(0, end).toString('utf8').trimEnd().split('\n')
  return { end: size - length + end, last: parseLine(lines.at(-1) ?? '') }
}

function parseLine(line: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(line) as AuditEntry
    return typeof entry === 'object' && entry !== null && Number.isSafeInteger(entry.generation)
      ? entry
      : undefined
  } catch {
    return undefined
  }
}

/** Reads the trail and checks every line: form, order, and the hash chain. */
export function readTrail(path: string): AuditTrail {
  if (!existsSync(path)) return { entries: [], notes: [] }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw asStoreError(error, path)
  }
  const lines = text.split('\n')
  const torn = lines.pop() ?? ''
  const entries: AuditEntry[] = []
  const notes: AuditNote[] = []
  const broken = (line: number, message: string): void =>
    void notes.push({ severity: 'broken', line, message })
  lines.forEach((line, index) => {
    const entry = parseLine(line)
    const number = index + 1
    if (!entry) return broken(number, 'is not an audit entry')
    if (canonicalJson(entry) !== line) broken(number, 'is not in canonical form')
    const before = entries.at(-1)
    if (before) {
      const follows = entry.epoch > before.epoch || entry.generation === before.generation + 1
      if (!follows) broken(number, `generation ${entry.generation} follows generation ${before.generation}`)
      if (entry.prev !== hashOf(before)) broken(number, 'does not carry the hash of the line before')
    } else if (entry.prev !== '') {
      broken(number, 'is the first line, yet carries the hash of a line before')
    }
    entries.push(entry)
  })
  if (torn !== '')
    notes.push({
      severity: 'note',
      line: lines.length + 1,
      message: 'is torn; the next change writes it anew',
    })
  return { entries, notes }
}
