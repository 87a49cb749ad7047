/** Freshness: how old the last confirmed read is, and when it is too old to decide anything. */
import type { Clock } from '../ports/clock.ts'

/** Age counts from the sending of the last read that the store answered. */
export class Freshness {
  readonly #clock: Clock
  #sent: { readonly monotonic: number; readonly wall: number }

  /** @param confirmedAt when the store last answered, epoch milliseconds. Default: now */
  constructor(clock: Clock, confirmedAt: number = clock.now()) {
    this.#clock = clock
    this.#sent = { monotonic: clock.monotonic() - (clock.now() - confirmedAt), wall: confirmedAt }
  }

  /** To be taken before a read, and handed to `confirm` when it was answered. */
  mark(): { readonly monotonic: number; readonly wall: number } {
    return { monotonic: this.#clock.monotonic(), wall: this.#clock.now() }
  }

  confirm(sent: { readonly monotonic: number; readonly wall: number }): void {
    if (sent.monotonic >= this.#sent.monotonic) this.#sent = sent
  }

  /** Milliseconds: the larger of both clocks' differences, since one stops while the machine sleeps and one can be set. */
  age(): number {
    return Math.max(this.#clock.monotonic() - this.#sent.monotonic, this.#clock.now() - this.#sent.wall)
  }

  /** Whether the last confirmed read was sent at that monotonic time or later. */
  isConfirmedSince(monotonic: number): boolean {
    return this.#sent.monotonic >= monotonic
  }

  /** Wall clock of the last confirmed read, epoch milliseconds. */
  get confirmedAt(): number {
    return this.#sent.wall
  }
}
