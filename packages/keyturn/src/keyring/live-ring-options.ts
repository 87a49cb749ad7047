/** LiveRingOptions: what a live ring is made of. */
import type { Clock } from '../ports/clock.ts'
import type { Counters, LeaseWriter } from '../ports/lease-board.ts'
import type { RingSnapshot } from '../ports/live-source.ts'
import type { RingReader } from '../ports/ring-store.ts'
import type { KeyTable } from './key-table.ts'

export interface LiveRingOptions {
  readonly store: RingReader
  /** Absent: this instance shows nothing, and every rotation is unproven. */
  readonly leases?: LeaseWriter
  /** Milliseconds between reads. @default 2000 */
  readonly pollEvery?: number
  /** Erases the bytes of keys past their time, where this instance can write. */
  readonly erase?: () => Promise<unknown>
  /** Keeps what was read for a start while the store is away. */
  readonly snapshot?: RingSnapshot
  /** When the store confirmed the ring that was read from a snapshot, epoch milliseconds. @default now */
  readonly confirmedAt?: number
  readonly instance: string
  readonly counters: () => Counters
  /** A newer ring is in use. */
  readonly onChange: (before: KeyTable, after: KeyTable) => void
  /** The store answered with something that is not taken, or did not answer. */
  readonly onRefused: (code: string, message: string) => void
  readonly clock?: Clock
  /** What each heartbeat's interval is multiplied by, so that a fleet does not beat as one. @default random, 0.8 to 1.2 */
  readonly jitter?: () => number
}
