/** verifyTrail, lastGood: whether the entries of a trail follow each other without a gap, a fork or a change; computed here, not by the hub. */
import { canonicalJson } from 'keyturn/ring'
import type { Entry } from './audit-filter.ts'

export interface TrailFinding {
  /** `epoch` is worth a note; all others mean that the trail was changed. */
  readonly kind: 'first' | 'epoch' | 'foreign' | 'gap' | 'prev' | 'head'
  /** Of the entry where it was found. */
  readonly generation: number
}

export interface Verified {
  /** How many entries were hashed. */
  readonly entries: number
  /** The newest entry before which nothing is wrong. */
  readonly good: Entry | undefined
  readonly findings: readonly TrailFinding[]
}

/** SHA-256 of the canonical JSON, base64url, as each entry carries it of the one before. Needs a secure context. */
export async function hashOfEntry(entry: object): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(entry)))
  const text = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** @param head the entry that the ring itself carried of its newest generation, before the trail was read */
export async function verifyTrail(entries: readonly Entry[], head?: Entry | null): Promise<Verified> {
  const findings: TrailFinding[] = []
  const hashes = new Set<string>()
  let before: Entry | undefined
  let hash = ''
  let faultAt: number | undefined
  for (const [index, entry] of entries.entries()) {
    const kind = findingOf(entry, before, hash, hashes)
    if (kind) findings.push({ kind, generation: entry.generation })
    if (kind && kind !== 'epoch') faultAt ??= index
    hash = await hashOfEntry(entry)
    hashes.add(hash)
    before = entry
  }
  if (head && !(await holds(entries, head))) {
    findings.push({ kind: 'head', generation: head.generation })
    faultAt ??= entries.length
  }
  return { entries: entries.length, good: lastGood(entries, faultAt), findings }
}

/**
 * An entry is proved by the hash that the next one carries: where that is wrong, nobody knows which of the two was
 * changed. @param faultAt index of the first entry with a fault, if there is one
 */
export const lastGood = (entries: readonly Entry[], faultAt: number | undefined): Entry | undefined =>
  faultAt === undefined ? entries.at(-1) : entries[faultAt - 2]

export const isNote = ({ kind }: TrailFinding): boolean => kind === 'epoch'

function findingOf(
  entry: Entry,
  before: Entry | undefined,
  hash: string,
  hashes: ReadonlySet<string>,
): TrailFinding['kind'] | undefined {
  if (!before) return entry.prev === '' ? undefined : 'first'
  // An epoch begins at whichever entry the restored backup ended with.
  if (entry.epoch > before.epoch) return hashes.has(entry.prev) ? 'epoch' : 'foreign'
  if (entry.epoch !== before.epoch || entry.generation !== before.generation + 1) return 'gap'
  return entry.prev === hash ? undefined : 'prev'
}

async function holds(entries: readonly Entry[], head: Entry): Promise<boolean> {
  const isHead = (each: Entry): boolean => each.epoch === head.epoch && each.generation === head.generation
  const found = entries.findLast(isHead)
  return found !== undefined && (await hashOfEntry(found)) === (await hashOfEntry(head))
}
