/** LeaseSender: shows an instance's lease, one put at a time, so that an older one never overwrites a newer one. */
import type { Lease, LeaseWriter } from '../ports/lease-board.ts'

export class LeaseSender {
  readonly #leases: LeaseWriter | undefined
  readonly #current: () => Lease
  #putting: Promise<void> = Promise.resolve()
  #isClosed = false

  /** @param current the lease as it is at the moment it is put */
  constructor(leases: LeaseWriter | undefined, current: () => Lease) {
    this.#leases = leases
    this.#current = current
  }

  /** Rejects when it could not be stored. */
  put(): Promise<void> {
    const leases = this.#leases
    if (!leases) return Promise.resolve()
    const put = this.#putting
      .catch(() => undefined)
      .then(async () => {
        if (!this.#isClosed) await leases.put(this.#current())
      })
    this.#putting = put
    return put
  }

  /** What changed is to be seen soon; if not now, with the next heartbeat. */
  show(): void {
    void this.put().catch(() => undefined)
  }

  /** The end of what was put last. */
  get settled(): Promise<void> {
    return this.#putting
  }

  /** Takes the lease away. */
  async close(instance: string): Promise<void> {
    this.#isClosed = true
    await this.#putting.catch(() => undefined)
    await this.#leases?.remove(instance)
  }
}
