/** sightingsOf, newerThan, newestSeen: what leases and trail know of a ring. A store that holds less was set back. */
import { hashOf } from '../ports/hash.ts'
import type { Lease } from '../ports/lease-board.ts'
import type { AuditEntry, RingDocument } from '../ring/document.ts'
import type { RotationContext } from './context.ts'

/** A generation that somebody has seen. */
export interface Mark {
  readonly epoch: number
  readonly generation: number
}

export interface Sightings {
  readonly leases: readonly Lease[]
  readonly entries: readonly AuditEntry[]
}

/**
 * Read before the ring: what they saw was in the store before, so a ring that is behind now was set back. The other
 * way round, a change in between would look like a backup.
 */
export async function sightingsOf(context: RotationContext): Promise<Sightings> {
  return { leases: await context.leases.list(), entries: (await context.trail?.())?.entries ?? [] }
}

/** For what is refused by nothing: whoever cannot be read has seen nothing. */
export async function readableSightings(context: RotationContext): Promise<Sightings> {
  const leases = await readable(() => context.leases.list())
  const trail = await readable(async () => context.trail?.())
  return { leases: leases ?? [], entries: trail?.entries ?? [] }
}

async function readable<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read()
  } catch {
    return undefined
  }
}

/** Who has seen a newer ring than this document, or another one of its generation, in words; nobody: undefined. */
export function newerThan(document: RingDocument, { leases, entries }: Sightings): string | undefined {
  const { epoch, generation } = document
  const isAhead = (mark: Mark): boolean =>
    isMark(mark) && (mark.epoch > epoch || (mark.epoch === epoch && mark.generation > generation))
  const isSame = (mark: Mark): boolean => mark.epoch === epoch && mark.generation === generation
  const named = (mark: Mark): string =>
    `generation ${mark.generation}${mark.epoch === epoch ? '' : ` of epoch ${mark.epoch}`}`

  const lease = leases.find(isAhead)
  if (lease) return `${lease.instance} has seen ${named(lease)}`
  // By hand, each process has a ring of its own, and no trail knows it.
  if (generation === 0) return undefined
  const hash = hashOf(document)
  // A file copied from another environment holds another ring by name: that is no backup of this one.
  const stray = leases.find(
    each =>
      isSame(each) && each.ring === document.ring && typeof each.hash === 'string' && each.hash !== hash,
  )
  if (stray) return `${stray.instance} holds another ring of that generation`

  const trail = sinceBegun(document, entries)
  const entry = trail.find(isAhead)
  if (entry) return `the trail has ${named(entry)}`
  const own = document.audit && hashOf(document.audit)
  const isForked = trail.some(each => isSame(each) && hashOf(each) !== own)
  return isForked ? 'the trail has another entry of that generation' : undefined
}

/**
 * A ring that a person began again by hand counts anew, and its first entry follows none: what the trail of a file says
 * of the ring before is no news of this one. The newest entry may be in the document alone.
 */
function sinceBegun({ ring, audit }: RingDocument, entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const known = entries.filter(entry => entry.ring === ring)
  const hash = audit && hashOf(audit)
  const isThere = known.some(entry => entry.generation === audit?.generation && hashOf(entry) === hash)
  const all = audit && !isThere ? [...known, audit] : known
  const begun = all.findLastIndex(entry => entry.prev === '')
  return all.slice(Math.max(0, begun))
}

/** The newest epoch and the newest generation that anybody has seen. */
export function newestSeen(ring: string, { leases, entries }: Sightings, more: readonly Mark[] = []): Mark {
  const marks = [...leases, ...entries.filter(entry => entry.ring === ring), ...more].filter(isMark)
  return {
    epoch: marks.reduce((most, { epoch }) => Math.max(most, epoch), 0),
    generation: marks.reduce((most, { generation }) => Math.max(most, generation), 0),
  }
}

/** Nobody counts this far. A number that is made up must not take the ring to where no generation can follow. */
const mostCount = 2 ** 52

const isMark = ({ epoch, generation }: Mark): boolean => isCount(epoch) && isCount(generation)
const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < mostCount
