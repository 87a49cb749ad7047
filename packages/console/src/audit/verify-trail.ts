/** verifyTrail: whether the entries of a trail follow each other without a gap, a fork or a change; computed here, not by the hub. */
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

/** @param head the entry that the ring itself carries of its newest generation */
export async function verifyTrail(entries: readonly Entry[], head?: Entry | null): Promise<Verified> {
  const findings: TrailFinding[] = []
  const hashes = new Set<string>()
  let before: Entry | undefined
  let hash = ''
  let good: Entry | undefined
  for (const entry of entries) {
    const kind = findingOf(entry, before, hash, hashes)
    if (kind) findings.push({ kind, generation: entry.generation })
    hash = await hashOfEntry(entry)
    hashes.add(hash)
    if (findings.every(isNote)) good = entry
    before = entry
  }
  if (head && !(await holds(entries, head))) findings.push({ kind: 'head', generation: head.generation })
  return { entries: entries.length, good, findings }
}

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

/** A newer entry than the trail's newest was written since the trail was read: nothing can be said of it. */
async function holds(entries: readonly Entry[], head: Entry): Promise<boolean> {
  const isHead = (each: Entry): boolean => each.epoch === head.epoch && each.generation === head.generation
  const found = entries.findLast(isHead)
  const last = entries.at(-1)
  if (!found) return !last || head.generation > last.generation
  return (await hashOfEntry(found)) === (await hashOfEntry(head))
}
