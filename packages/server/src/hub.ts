/** Hub: one replica, put together. */
import type { KeyturnError } from 'keyturn'
import { systemClock, type LeaseBoard, type RingStore } from 'keyturn/ports'
import { dueKeys } from 'keyturn/ring'
import { eraseDue, type RotationContext, type RotationEvent } from 'keyturn/rotation'
import { AccessTokens } from './access/access-tokens.ts'
import { HubEvents } from './access/events.ts'
import { Operators } from './access/operators.ts'
import { Sessions } from './access/sessions.ts'
import { SetupLinks } from './access/setup-links.ts'
import type { Database } from './database/open-database.ts'
import { ForwardAuth } from './forward-auth.ts'
import { IdempotencyKeys } from './http/idempotency-keys.ts'
import { Metrics } from './metrics.ts'
import { LeaseQueue } from './rings/lease-queue.ts'
import { RingFeed } from './rings/ring-feed.ts'
import { ChangeStreams } from './http/change-streams.ts'
import { RingStreams } from './http/ring-streams.ts'
import { readTrail } from './rings/sql-audit-log.ts'
import { forgetLeases, sqlLeaseBoard } from './rings/sql-lease-board.ts'
import { sqlRingStore } from './rings/sql-ring-store.ts'
import { Replicas } from './rotations/replicas.ts'
import { RotationRecords } from './rotations/rotation-records.ts'
import { RotationRunner } from './rotations/rotation-runner.ts'
import { takeOverAbandoned } from './rotations/takeover.ts'
import type { Sealer } from './sealing/sealer.ts'
import { trimSeries } from './series/series.ts'
import { Routine } from './routine.ts'

/** What a replica says of itself; never with a secret. */
export interface HubLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** Milliseconds. */
const beatEvery = 3_000
const takeOverEvery = 1_000
const eraseEvery = 2_000
const flushEvery = 10_000
const tidyEvery = 60_000
/** How long the database's clock is counted on without being asked. */
const clockAge = 1_000

export class Hub {
  readonly database: Database
  readonly feed: RingFeed
  readonly leases: LeaseQueue
  readonly replicas: Replicas
  readonly records: RotationRecords
  readonly rotations: RotationRunner
  readonly events: HubEvents
  readonly operators: Operators
  readonly sessions: Sessions
  readonly links: SetupLinks
  readonly tokens: AccessTokens
  readonly idempotency: IdempotencyKeys
  readonly metrics: Metrics
  readonly forwardAuth: ForwardAuth
  readonly streams: RingStreams
  readonly changes: ChangeStreams
  readonly log: HubLog
  readonly #sealer: Sealer
  readonly #stores = new Map<string, { readonly store: RingStore; readonly leases: LeaseBoard }>()
  readonly #routines: readonly Routine[]
  readonly #stopping = new AbortController()
  #isReachable = true
  #clock = { asked: -Infinity, time: 0 }

  constructor(database: Database, sealer: Sealer, log: HubLog) {
    this.database = database
    this.#sealer = sealer
    this.log = log
    this.feed = new RingFeed(database, sealer)
    this.metrics = new Metrics(this)
    this.leases = new LeaseQueue(database, {
      onHalt: (ring, why) => log.error({ ring, why }, 'changes halt: was a backup restored?'),
      onCounts: counts => this.metrics.count(counts),
    })
    this.replicas = new Replicas(database)
    this.records = new RotationRecords(database)
    this.rotations = new RotationRunner({
      records: this.records,
      replica: this.replicas.id,
      contextOf: (ring, actor, report) => this.contextOf(ring, actor, report),
      now: () => database.time(),
      onFailure: error => this.#tell('a rotation could not be written down', error),
    })
    this.events = new HubEvents(database)
    this.operators = new Operators(database, this.events)
    this.sessions = new Sessions(database)
    this.links = new SetupLinks(database, this.events)
    this.tokens = new AccessTokens(database, this.events)
    this.idempotency = new IdempotencyKeys(database, sealer, this.replicas)
    this.forwardAuth = new ForwardAuth(this)
    this.streams = new RingStreams(this)
    this.changes = new ChangeStreams(this)
    this.#routines = [
      new Routine('heartbeat', beatEvery, () => this.replicas.beat()),
      new Routine('take-over', takeOverEvery, () => this.#takeOver()),
      new Routine('erasure', eraseEvery, () => this.#erase()),
      new Routine('counting', flushEvery, () => this.#flush()),
      new Routine('tidying', tidyEvery, () => this.#tidy()),
    ]
  }

  /** Begins to follow the database and to look after the rings. @throws {StoreError} */
  async start(): Promise<void> {
    await this.replicas.beat()
    await this.feed.refresh()
    await this.tokens.refresh()
    this.feed.start(error => this.#looked(error))
    for (const routine of this.#routines) routine.start(error => this.#tell(`${routine.name} failed`, error))
  }

  /** What works on this ring in this replica. */
  ring(ring: string): { readonly store: RingStore; readonly leases: LeaseBoard } {
    const known = this.#stores.get(ring)
    if (known) return known
    const made = {
      store: sqlRingStore(this.database, this.#sealer, this.feed, ring),
      leases: sqlLeaseBoard(this.database, this.leases, ring),
    }
    // A name that somebody made up is not kept.
    if (this.feed.known(ring)) this.#stores.set(ring, made)
    return made
  }

  /** What a rotation works with. @param actor who, for the audit trail */
  contextOf(ring: string, actor: string, report?: (event: RotationEvent) => void): RotationContext {
    return {
      ...this.ring(ring),
      clock: systemClock,
      actor,
      trail: () => readTrail(this.database, ring),
      ...(report && { report }),
    }
  }

  /** The database's clock, epoch milliseconds: asked now and then, and counted on in between. */
  async time(): Promise<number> {
    const since = performance.now() - this.#clock.asked
    if (since > clockAge) {
      const asked = performance.now()
      this.#clock = { asked, time: await this.database.time() }
    }
    return Math.round(this.#clock.time + performance.now() - this.#clock.asked)
  }

  /** Whether the database has answered lately. */
  get isReachable(): boolean {
    return this.#isReachable
  }

  /** Aborted once this replica stops: who waits for news waits no longer. */
  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  /** Ends streams, and lets go of rotations: the next start, or another replica, goes on with them. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const routine of this.#routines) await routine.stop()
    this.streams.close()
    await this.changes.close()
    await this.rotations.stop()
  }

  /** Stops, writes down what is left to write, and closes the database. */
  async close(): Promise<void> {
    await this.stop()
    this.feed.stop()
    await this.#flush().catch(() => undefined)
    await this.forwardAuth.close()
    await this.replicas.leave().catch(() => undefined)
    await this.database.close()
  }

  async #takeOver(): Promise<void> {
    const { records, replicas, rotations: runner } = this
    for (const id of await takeOverAbandoned({ records, replicas, runner }))
      this.log.warn({ rotation: id }, 'goes on with a rotation that was left unfinished')
  }

  async #erase(): Promise<void> {
    const now = (await this.database.time()) / 1000
    for (const ring of this.feed.names) {
      const held = this.feed.known(ring)
      if (!held || held.halted !== null || dueKeys(held.ring.document, now).length === 0) continue
      try {
        const { erased } = await eraseDue(this.contextOf(ring, `hub ${this.replicas.id}`))
        if (erased.length > 0) this.log.info({ ring, erased }, 'erased keys past their time')
      } catch (error) {
        // One ring that was set back must not keep the others from it.
        this.#tell(`the erasure in ${ring} failed`, error)
      }
    }
  }

  async #flush(): Promise<void> {
    await this.tokens.flush()
    await this.forwardAuth.flush()
  }

  async #tidy(): Promise<void> {
    await trimSeries(this.database)
    await forgetLeases(this.database)
    await this.sessions.tidy()
    await this.idempotency.tidy()
    await this.records.decisions.tidy()
    for (const ring of this.feed.names) await this.records.trim(ring)
  }

  /** After each look at the database. */
  #looked(error?: unknown): void {
    if (error === undefined) {
      if (!this.#isReachable) this.log.info({}, 'the database answers again')
      this.#isReachable = true
      void this.tokens.refresh().catch(() => undefined)
      return
    }
    if (this.#isReachable) this.#tell('the database does not answer', error)
    this.#isReachable = false
  }

  #tell(message: string, error: unknown): void {
    const { code } = error as Partial<KeyturnError>
    const detail = error instanceof Error ? error.message : 'unknown'
    this.log.warn({ code, detail }, message)
  }
}
