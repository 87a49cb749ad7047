/** VirtualStore: the one linearizable store behind all replicas, and the history that no process sees. */
import { StoreError } from '../../src/errors.ts'
import type { AuditLog } from '../../src/ports/audit-log.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { LeaseBoard, SeenLease } from '../../src/ports/lease-board.ts'
import { memoryAudit, memoryLeases, memoryStore } from '../../src/ports/memory.ts'
import type { Expected, Ring, RingStore } from '../../src/ports/ring-store.ts'
import type { Limits, RingDocument } from '../../src/ring/document.ts'
import { initRing } from '../../src/rotation/adopt.ts'
import type { Secret } from '../../src/secret/secret.ts'

/** A generation as it was committed. Times are true milliseconds since the start. */
export interface Generation {
  /** In the order of commits, whatever a backup did to the numbers. */
  readonly index: number
  readonly ring: Ring
  readonly document: RingDocument
  readonly at: number
  /** Until when it was the newest. */
  endedAt: number | undefined
  /** A restored backup has forgotten it. */
  isForgotten: boolean
}

export class VirtualStore {
  readonly history: Generation[] = []
  /** Every secret that was ever in the store: what an attacker may know. */
  readonly secrets = new Map<string, Secret>()
  readonly audit: AuditLog
  /** Called when a generation was committed. */
  onCommit: (next: Generation, before: Generation) => void = () => undefined
  /** Whether a backup took the place of newer generations, and no epoch has begun since. */
  isSetBack = false
  /** Whether the database refuses to work. */
  isAway = false
  /** What the board shows, by instance. */
  readonly board = new Map<string, SeenLease>()
  leases: LeaseBoard
  readonly #clock: Clock
  readonly #now: () => number
  #store: RingStore
  #current: Generation

  /** @param now true milliseconds since the start */
  private constructor(store: RingStore, ring: Ring, audit: AuditLog, clock: Clock, now: () => number) {
    this.#store = store
    this.audit = audit
    this.#clock = clock
    this.#now = now
    this.leases = this.#newBoard()
    this.#current = this.#record(ring)
  }

  /** A store with a ring in its first generation. */
  static async withRing(limits: Limits, clock: Clock, now: () => number): Promise<VirtualStore> {
    const audit = memoryAudit()
    const store = memoryStore({ audit, clock })
    const context = { store, leases: memoryLeases(clock), clock, actor: 'init' }
    await initRing(context, { ring: 'immonow/simulation', limits, reason: 'a simulation' })
    const ring = await store.read()
    if (!ring) throw new TypeError('init made no ring')
    return new VirtualStore(store, ring, audit, clock, now)
  }

  get current(): Generation {
    return this.#current
  }

  /** The generation of a document that was committed. */
  generationOf(document: RingDocument): Generation | undefined {
    return this.history.find(each => each.document === document)
  }

  assertThere(): void {
    if (this.isAway) throw new StoreError('ERR_STORE_UNREACHABLE', 'the database is away')
  }

  async compareAndSwap(expected: Expected, next: Ring): Promise<void> {
    this.assertThere()
    await this.#store.compareAndSwap(expected, next)
    const stored = await this.#store.read()
    const before = this.#current
    if (!stored) throw new TypeError('a swap left nothing')
    before.endedAt = this.#now()
    this.#current = this.#record(stored)
    this.onCommit(this.#current, before)
    if (stored.document.epoch > before.document.epoch) this.isSetBack = false
  }

  /** Sets the ring back to a generation of before. The trail is kept elsewhere. */
  restore(generation: Generation, leases: 'kept' | 'lost'): void {
    for (const each of this.history) if (each.index > generation.index) each.isForgotten = true
    this.isSetBack = generation !== this.#current
    this.#current.endedAt = this.#now()
    generation.endedAt = undefined
    this.#current = generation
    this.#store = memoryStore({ ring: generation.ring, audit: this.audit, clock: this.#clock })
    if (leases === 'lost') this.leases = this.#newBoard()
  }

  #newBoard(): LeaseBoard {
    const leases = memoryLeases(this.#clock)
    this.board.clear()
    return {
      ...leases,
      put: async lease => {
        this.board.set(lease.instance, { ...lease, seenAt: this.#clock.now() })
        await leases.put(lease)
      },
      remove: async instance => {
        this.board.delete(instance)
        await leases.remove(instance)
      },
    }
  }

  #record(ring: Ring): Generation {
    for (const [kid, secret] of ring.secrets) this.secrets.set(kid, secret)
    const { document } = ring
    const generation = {
      index: this.history.length,
      ring,
      document,
      at: this.#now(),
      endedAt: undefined,
      isForgotten: false,
    }
    this.history.push(generation)
    return generation
  }
}
