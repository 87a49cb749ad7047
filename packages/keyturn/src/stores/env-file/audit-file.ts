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
  writeFileSync,
} from 'node:fs'
import { failpoint } from '../../failpoint.ts'
import { AuditChain } from '../../ports/audit-chain.ts'
import type { AuditNote, AuditTrail } from '../../ports/audit-log.ts'
import { hashOf } from '../../ports/hash.ts'
import { canonicalJson } from '../../ring/canonical.ts'
import type { AuditEntry } from '../../ring/document.ts'
import { asStoreError, syncFolder } from '../replace-file.ts'
import { dirname } from 'node:path'

const tailBytes = 65_536

/**
 * Appends the entry unless the file has it. A torn last line, left by a crash, is replaced: its entry is the one
 * in JWT_KEYRING, so nothing is lost. Only whoever holds the ring's lock may call it.
 */
export function appendEntry(path: string, entry: AuditEntry): void {
  try {
    const created = !existsSync(path)
    const file = openSync(path, 'a+', 0o600)
    try {
      const line = `${canonicalJson(entry)}\n`
      const size = fstatSync(file).size
      const { end, last } = readTail(file, size)
      // An entry that follows the last one is new, without a look at the rest.
      const isThere = last !== undefined && entry.prev !== hashOf(last) && hasLine(path, line)
      if (!isThere) failpoint('audit.before-append')
      if (end < size) ftruncateSync(file, end)
      if (isThere) return
      const bytes = Buffer.from(line)
      const half = bytes.length >> 1
      writeFileSync(file, bytes.subarray(0, half))
      failpoint('audit.half-written')
      writeFileSync(file, bytes.subarray(half))
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
  for (let length = tailBytes; ; length *= 2) {
    const from = Math.max(0, size - length)
    const tail = Buffer.alloc(size - from)
    readSync(file, tail, 0, tail.length, from)
    const end = tail.lastIndexOf(lineFeed) + 1
    const start = end > 1 ? tail.lastIndexOf(lineFeed, end - 2) + 1 : 0
    // A line that begins before the tail does is longer than it.
    if (from > 0 && start === 0) continue
    return { end: from + end, last: parseLine(tail.toString('utf8', start, Math.max(start, end - 1))) }
  }
}

const lineFeed = 0x0a

/** Not every entry of the generation is the entry: a ring that was begun again by hand counts anew. */
const hasLine = (path: string, line: string): boolean =>
  `\n${readFileSync(path, 'utf8')}`.includes(`\n${line}`)

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

/**
 * Reads the trail and checks every line: form, order, and the hash chain. No file is an empty trail.
 * @throws {StoreError} ERR_STORE_DENIED, ERR_STORE_UNREACHABLE
 */
export function readTrail(path: string): AuditTrail {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], notes: [] }
    throw asStoreError(error, path)
  }
  const lines = text.split('\n')
  const torn = lines.pop() ?? ''
  const entries: AuditEntry[] = []
  const notes: AuditNote[] = []
  const chain = new AuditChain()
  const broken = (line: number, message: string): void =>
    void notes.push({ severity: 'broken', line, message })
  lines.forEach((line, index) => {
    const entry = parseLine(line)
    const number = index + 1
    if (!entry) return broken(number, 'is not an audit entry')
    if (canonicalJson(entry) !== line) broken(number, 'is not in canonical form')
    notes.push(...chain.next(entry, number))
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
