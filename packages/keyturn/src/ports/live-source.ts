/** LiveSource: what an instance follows, whatever kind of store is behind it. */
import type { LeaseWriter } from './lease-board.ts'
import type { Ring, RingReader } from './ring-store.ts'

/** A ring that is followed while the process lives, by an instance that cannot change it. */
export interface LiveSource {
  readonly kind: 'live'
  /** Names it in messages. Never a secret. */
  readonly name: string
  readonly store: RingReader
  /** Absent: this instance shows itself to nobody. */
  readonly leases?: LeaseWriter
  /** Milliseconds between reads; shorter where the ring's own durations are short. */
  readonly pollEvery: number
  /** For a start while the store is away. */
  readonly snapshot?: RingSnapshot
}

/** The last ring an instance held, kept where a later process of it finds it. */
export interface RingSnapshot {
  /** Undefined when there is none that can be read. `confirmedAt`: when the store last answered, epoch milliseconds. */
  load(): Promise<{ readonly ring: Ring; readonly confirmedAt: number } | undefined>
  save(ring: Ring, confirmedAt: number): Promise<void>
}
