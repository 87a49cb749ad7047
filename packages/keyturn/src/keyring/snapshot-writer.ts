/** SnapshotWriter: keeps the newest ring where a later process of this instance finds it. */
import type { RingSnapshot } from '../ports/live-source.ts'
import type { Ring } from '../ports/ring-store.ts'

/** Milliseconds: a snapshot's age counts, so it is renewed, though not with every read. */
const renewAfter = 60_000

export class SnapshotWriter {
  readonly #snapshot: RingSnapshot
  readonly #onFailure: (code: string, message: string) => void
  #saved = { epoch: -1, generation: -1, at: -Infinity }

  /** @param onFailure an instance works without its snapshot, and says so */
  constructor(snapshot: RingSnapshot, onFailure: (code: string, message: string) => void) {
    this.#snapshot = snapshot
    this.#onFailure = onFailure
  }

  /** @param sent when the read was sent that confirmed the ring */
  save(ring: Ring, sent: { readonly monotonic: number; readonly wall: number }): void {
    const { epoch, generation } = ring.document
    const isSame = this.#saved.epoch === epoch && this.#saved.generation === generation
    if (isSame && sent.monotonic - this.#saved.at < renewAfter) return
    this.#saved = { epoch, generation, at: sent.monotonic }
    this.#snapshot.save(ring, sent.wall).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      this.#onFailure('ERR_STORE_UNREACHABLE', `the snapshot was not written: ${message}`)
    })
  }
}
