/** LiveRing: a ring kept in step with its store. Watches are hints, polls are truth, leases are proof. */
import { KeyturnError, RingError } from '../errors.ts'
import { systemClock, type Clock } from '../ports/clock.ts'
import { hashOf } from '../ports/hash.ts'
import type { Lease } from '../ports/lease-board.ts'
import type { Ring } from '../ports/ring-store.ts'
import { dueKeys } from '../ring/keys.ts'
import { thisProcess } from '../process-identity.ts'
import { acknowledgement } from './acknowledgement.ts'
import { Freshness } from './freshness.ts'
import { KeyTable } from './key-table.ts'
import type { LiveRingOptions } from './live-ring-options.ts'
import { SnapshotWriter } from './snapshot-writer.ts'
import { Standstill } from './standstill.ts'
import { randomJitter, Timers } from './timers.ts'

/** Milliseconds; shorter where the ring's own durations are short, so that four in a row must fail before it matters. */
const mostHeartbeat = 10_000
const defaultPoll = 2_000
const leastRetry = 500
/** Without a sign of life for this long, or for two polls, a process is taken to have stood still. */
const leastStandstill = 5_000
/** A request waits no longer than this for a read. */
const mostWait = 5_000

/** The live ring of one instance. `table` is replaced whole. */
export class LiveRing {
  readonly freshness: Freshness
  readonly #standstill: Standstill
  readonly #options: LiveRingOptions
  readonly #clock: Clock
  readonly #process = thisProcess()
  readonly #startedAt: number
  #isClosed = false
  #isVerifyOnly: boolean
  #table: KeyTable
  #acknowledgement: ReturnType<typeof acknowledgement>
  #reading: Promise<boolean> | undefined
  #putting: Promise<void> = Promise.resolve()
  #nack: Lease['nack']
  #failure: unknown
  readonly #snapshots: SnapshotWriter | undefined
  readonly #timers: Timers
  #stopWatch: () => void = () => undefined

  constructor(ring: Ring, options: LiveRingOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#startedAt = this.#clock.now()
    this.freshness = new Freshness(this.#clock, options.confirmedAt)
    this.#isVerifyOnly = options.confirmedAt !== undefined
    this.#timers = new Timers(this.#clock)
    this.#snapshots = options.snapshot && new SnapshotWriter(options.snapshot, options.onRefused)
    this.#table = new KeyTable(ring)
    this.#standstill = new Standstill(this.#clock, () => this.#longestQuiet())
    this.#acknowledgement = acknowledgement(ring, options.instance)
  }

  get table(): KeyTable {
    return this.#table
  }

  /** Milliseconds between reads, at most. */
  #pollEvery(): number {
    return this.#atMost(this.#options.pollEvery ?? defaultPoll)
  }

  #longestQuiet(): number {
    const { maxStale, lease } = this.#table.ring.document.limits
    return Math.min(Math.max(leastStandstill, 2 * this.#pollEvery()), maxStale * 500, lease * 1000)
  }

  /**
   * Joins the fleet: writes the lease, then reads again, until what is acknowledged is what the store holds.
   * Only then is it ready: a rotation that began meanwhile waits for it or is known to it.
   */
  async join(): Promise<void> {
    for (;;) {
      await this.putLease()
      if (this.isReading) await this.reload() // It may have been sent before the lease was there.
      const { document } = this.#table.ring
      if (!(await this.reload())) throw this.#failure
      if (this.#table.ring.document.generation === document.generation) break
    }
    await this.#putting
    this.#isVerifyOnly = false
    if (this.#isClosed) return
    this.#stopWatch = this.#options.store.watch?.(() => void this.reload()) ?? this.#stopWatch
    this.#timers.repeat(
      () => this.#pollEvery(),
      () => this.#poll(),
    )
    this.#timers.repeat(
      () => this.#atMost(mostHeartbeat) * (this.#options.jitter ?? randomJitter)(),
      () => this.putLease(),
    )
  }

  /** Tries to join until the store answers. Until then this instance verifies with what it has, and signs nothing. */
  joinLater(wait: number = leastRetry): void {
    this.#timers.once(wait, async () => {
      try {
        // The read comes first: while the store is away it says that this process lives and has asked.
        if (!(await this.reload())) throw this.#failure
        await this.join()
      } catch {
        if (!this.#isClosed) this.joinLater(Math.min(2 * wait, this.#atMost(mostHeartbeat)))
      }
    })
  }

  /** Whether this instance was started from a snapshot and has not joined the fleet yet. */
  get isVerifyOnly(): boolean {
    return this.#isVerifyOnly
  }

  #atMost(milliseconds: number): number {
    const { maxStale, lease } = this.#table.ring.document.limits
    return Math.min(milliseconds, maxStale * 250, lease * 250)
  }

  /** Reads the store; true when it answered. Callers that come while a read runs share it. */
  reload(): Promise<boolean> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** As `reload`, for a request, which does not wait for a store that hangs: the read goes on without it. */
  reloadInTime(): Promise<void> {
    return new Promise(resolve => {
      const stop = this.#clock.later(mostWait, resolve)
      void this.reload().then(() => {
        stop()
        resolve()
      })
    })
  }

  /** Whether a read is under way, so that a later caller's question is not answered by it. */
  get isReading(): boolean {
    return this.#reading !== undefined
  }

  /** Whether values edited by hand wait for a restart. */
  get isEdited(): boolean {
    return this.#nack?.code === 'ERR_RING_EDITED'
  }

  /** Milliseconds that this process stood still without having read its store since; 0 if it did not. */
  get stoodStill(): number {
    return this.#standstill.unread
  }

  async #read(): Promise<boolean> {
    this.#standstill.notice()
    const stopNotice = this.#timers.repeat(
      () => this.#pollEvery(),
      async () => this.#standstill.notice(),
    )
    const sent = this.freshness.mark()
    try {
      const ring = await this.#options.store.read()
      if (!ring)
        throw new RingError('ERR_STORE_MISSING', `${this.#options.store.name} holds no secret any more`)
      if (this.#take(ring)) {
        this.freshness.confirm(sent)
        this.#snapshots?.save(this.#table.ring, sent)
      }
      return true
    } catch (error) {
      this.#failure = error
      const [code, message] =
        error instanceof KeyturnError ? [error.code, error.message] : ['ERR_STORE_UNREACHABLE', String(error)]
      this.#refuse(this.#table.ring.document.generation + 1, code, message)
      return false
    } finally {
      stopNotice()
      this.#standstill.readEnded(sent.monotonic)
    }
  }

  /** Puts a newer ring to use. False for one that this instance must not go back to. */
  #take(ring: Ring): boolean {
    const held = this.#table.ring.document
    const found = ring.document
    const step = found.epoch - held.epoch || found.generation - held.generation
    // A store that knows that nothing has changed hands out the same object.
    const isOther = step === 0 && found !== held && hashOf(found) !== hashOf(held)
    if (ring.edited || (isOther && found.generation === 0)) {
      this.#refuse(
        found.generation,
        'ERR_RING_EDITED',
        `${this.#options.store.name} was edited by hand: a restart takes the values`,
      )
      return true
    }
    if (step < 0 || isOther) {
      this.#refuse(
        found.generation,
        'ERR_RING_REGRESSED',
        `the store holds generation ${found.generation}, this instance ${held.generation}: was a backup restored?`,
      )
      return false
    }
    const wasRefused = this.#nack !== undefined
    this.#nack = undefined
    if (step === 0) {
      if (wasRefused) void this.putLease().catch(() => undefined)
      return true
    }
    const before = this.#table
    this.#table = new KeyTable(ring)
    this.#acknowledgement = acknowledgement(ring, this.#options.instance)
    this.#options.onChange(before, this.#table)
    void this.putLease().catch(() => undefined)
    return true
  }

  #refuse(generation: number, code: string, message: string): void {
    const isNews = this.#nack?.generation !== generation || this.#nack.code !== code
    this.#nack = { generation, code }
    if (!isNews) return
    this.#options.onRefused(code, message)
    void this.putLease().catch(() => undefined)
  }

  /** Stores the lease; one at a time, so that an older one never overwrites a newer one. */
  putLease(): Promise<void> {
    const { leases } = this.#options
    if (!leases) return Promise.resolve()
    const put = this.#putting
      .catch(() => undefined)
      .then(async () => {
        if (!this.#isClosed) await leases.put(this.#lease())
      })
    this.#putting = put
    return put
  }

  #lease(): Lease {
    return {
      ...this.#acknowledgement,
      process: this.#process,
      startedAt: this.#startedAt,
      sentAt: this.#clock.now(),
      ...(this.#nack && { nack: this.#nack }),
      counters: this.#options.counters(),
      role: 'instance',
    }
  }

  async #poll(): Promise<void> {
    if (!(await this.reload())) return
    const { document } = this.#table.ring
    const { erase } = this.#options
    if (!erase || document.generation === 0 || dueKeys(document, this.#clock.now() / 1000).length === 0)
      return
    // Of several instances one is first; the others find nothing due any more.
    await erase()
    await this.reload()
  }

  /** Stops, and takes the lease away. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#timers.stop()
    this.#stopWatch()
    await this.#putting.catch(() => undefined)
    await this.#options.leases?.remove(this.#options.instance)
  }
}
