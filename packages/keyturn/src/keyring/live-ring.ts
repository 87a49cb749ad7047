/** LiveRing: a ring kept in step with its store. Watches are hints, polls are truth, leases are proof. */
import { KeyturnError, RingError } from '../errors.ts'
import { systemClock, type Clock } from '../ports/clock.ts'
import type { Lease } from '../ports/lease-board.ts'
import type { Ring } from '../ports/ring-store.ts'
import { dueKeys } from '../ring/keys.ts'
import { thisProcess } from '../process-identity.ts'
import { acknowledgement } from './acknowledgement.ts'
import { Freshness } from './freshness.ts'
import { KeyTable } from './key-table.ts'
import type { LiveRingOptions } from './live-ring-options.ts'
import { LeaseSender } from './lease-sender.ts'
import { paceOf, type Pace } from './pace.ts'
import { ringStep } from './ring-step.ts'
import { SnapshotWriter } from './snapshot-writer.ts'
import { Standstill } from './standstill.ts'
import { randomJitter, Timers } from './timers.ts'

/** Milliseconds. */
const leastRetry = 500
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
  readonly #sender: LeaseSender
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
    this.#sender = new LeaseSender(options.leases, () => this.#lease())
    this.#snapshots = options.snapshot && new SnapshotWriter(options.snapshot, options.onRefused)
    this.#table = new KeyTable(ring)
    this.#standstill = new Standstill(this.#clock, () => this.#pace.quiet)
    this.#acknowledgement = acknowledgement(ring, options.instance)
  }

  get table(): KeyTable {
    return this.#table
  }

  get #pace(): Pace {
    return paceOf(this.#table.ring.document.limits, this.#options.pollEvery)
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
    await this.#sender.settled
    this.#isVerifyOnly = false
    if (this.#isClosed) return
    this.#stopWatch = this.#options.store.watch?.(() => void this.reload()) ?? this.#stopWatch
    this.#timers.repeat(
      () => this.#pace.poll,
      () => this.#poll(),
    )
    this.#timers.repeat(
      () => this.#pace.heartbeat * (this.#options.jitter ?? randomJitter)(),
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
        if (!this.#isClosed) this.joinLater(Math.min(2 * wait, this.#pace.heartbeat))
      }
    })
  }

  /** Whether this instance was started from a snapshot and has not joined the fleet yet. */
  get isVerifyOnly(): boolean {
    return this.#isVerifyOnly
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
      () => this.#pace.poll,
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
    const held = this.#table.ring.document.generation
    const { generation } = ring.document
    const { name } = this.#options.store
    const step = ringStep(this.#table.ring.document, ring)
    if (step === 'edited') {
      this.#refuse(generation, 'ERR_RING_EDITED', `${name} was edited by hand: a restart takes the values`)
      return true
    }
    if (step === 'older') {
      const why = `the store holds generation ${generation}, this instance ${held}: was a backup restored?`
      this.#refuse(generation, 'ERR_RING_REGRESSED', why)
      return false
    }
    const wasRefused = this.#nack !== undefined
    this.#nack = undefined
    if (step === 'same') {
      if (wasRefused) this.#sender.show()
      return true
    }
    const before = this.#table
    this.#table = new KeyTable(ring)
    this.#acknowledgement = acknowledgement(ring, this.#options.instance)
    this.#options.onChange(before, this.#table)
    this.#sender.show()
    return true
  }

  #refuse(generation: number, code: string, message: string): void {
    const isNews = this.#nack?.generation !== generation || this.#nack.code !== code
    this.#nack = { generation, code }
    if (!isNews) return
    this.#options.onRefused(code, message)
    this.#sender.show()
  }

  /** Stores the lease. */
  putLease(): Promise<void> {
    return this.#sender.put()
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
    await this.#sender.close(this.#options.instance)
  }
}
