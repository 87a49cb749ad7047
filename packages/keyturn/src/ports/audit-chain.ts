/** AuditChain: whether audit entries follow each other without a gap, a fork or a change. */
import type { AuditEntry } from '../ring/document.ts'
import type { AuditNote } from './audit-log.ts'
import { hashOf } from './hash.ts'

/** Follows a trail entry by entry. */
export class AuditChain {
  #last: AuditEntry | undefined
  /** Hashes so far: an epoch begins at whichever entry the restored backup ended with. */
  readonly #hashes = new Set<string>()
  #lastHash = ''

  /** What is wrong with the next entry, or worth a note. @param line from 1 */
  next(entry: AuditEntry, line: number): readonly AuditNote[] {
    const before = this.#last
    const notes: AuditNote[] = []
    const note = (severity: AuditNote['severity'], message: string): void =>
      void notes.push({ severity, line, message })
    if (!before) {
      if (entry.prev !== '') note('broken', 'is the first line, yet carries the hash of a line before')
    } else if (entry.epoch > before.epoch) {
      if (entry.prev !== this.#lastHash && !this.#hashes.has(entry.prev))
        note('broken', 'does not carry the hash of a line before')
      else note('note', `begins epoch ${entry.epoch}: a store was restored`)
    } else {
      if (entry.epoch !== before.epoch || entry.generation !== before.generation + 1)
        note('broken', `generation ${entry.generation} follows generation ${before.generation}`)
      if (entry.prev !== this.#lastHash) note('broken', 'does not carry the hash of the line before')
    }
    this.#last = entry
    this.#lastHash = hashOf(entry)
    this.#hashes.add(this.#lastHash)
    return notes
  }
}
