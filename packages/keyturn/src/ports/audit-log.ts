/** The port that keeps the audit trail. */
import type { AuditEntry } from '../ring/document.ts'

/** What is wrong, or worth a note, in a trail. */
export interface AuditNote {
  readonly severity: 'note' | 'broken'
  /** Line, from 1. */
  readonly line: number
  readonly message: string
}

/** The trail as it was read. */
export interface AuditTrail {
  readonly entries: readonly AuditEntry[]
  readonly notes: readonly AuditNote[]
}

/** Promises: an entry is durable when `append` returns, and is never there twice. */
export interface AuditLog {
  /**
   * Appends the entry unless the trail has it.
   * @throws {RingError} ERR_RING_REGRESSED when it has another one of that epoch and generation
   */
  append(entry: AuditEntry): Promise<void>
  read(): Promise<AuditTrail>
}
