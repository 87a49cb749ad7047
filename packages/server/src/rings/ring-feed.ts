/** RingFeed: what one replica knows of every ring, and who is told when it changes. */
import { KeyturnError } from 'keyturn'
import { systemClock, type Clock, type Ring } from 'keyturn/ports'
import type { ExpressionBuilder } from 'kysely'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import type { Schema } from '../database/schema.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { Coalesced } from './coalesced.ts'
import { halt } from './halt.ts'
import { ringOf, type HeldRing, type RingState } from './ring-rows.ts'

/** Milliseconds between two looks at the database. */
const pollEvery = 250
/** And at least so many, however many instances ask. */
const lookGap = 10

type Listener = (state: RingState) => void

/** Rings in memory, confirmed by the database: a ring is read from it only when its state has changed. */
export class RingFeed {
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #clock: Clock
  readonly #rings = new Map<string, HeldRing>()
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #looks: Coalesced<void>
  /** Rings that cannot be opened, and why: they harm no other ring. */
  readonly #damaged = new Map<string, KeyturnError>()
  /** Grows with each own commit: a look that began before it may still show the state before. */
  #commits = 0
  /** The last own commit of each ring. */
  readonly #committed = new Map<string, number>()
  #reads = 0
  #confirmed = -Infinity
  #stopPoll: () => void = () => undefined
  #isStopped = false

  constructor(database: Database, sealer: Sealer, clock: Clock = systemClock) {
    this.#database = database
    this.#sealer = sealer
    this.#clock = clock
    this.#looks = new Coalesced(() => this.#look(), lookGap)
  }

  /** Follows the database until `stop`. @param also is called after each look, and told of its failure */
  start(also: (error?: unknown) => void = () => undefined): void {
    const again = (): void => {
      if (this.#isStopped) return
      this.#stopPoll = this.#clock.later(pollEvery, () => {
        this.#looks
          .ask()
          .then(() => also(), also)
          .finally(again)
      })
    }
    again()
  }

  stop(): void {
    this.#isStopped = true
    this.#stopPoll()
    this.#listeners.clear()
  }

  /** How often the database was asked for the states of the rings. */
  get reads(): number {
    return this.#reads
  }

  /** Milliseconds since the database last answered. */
  get silence(): number {
    return this.#clock.monotonic() - this.#confirmed
  }

  /** Names of all rings known here. */
  get names(): readonly string[] {
    return [...this.#rings.keys()].sort()
  }

  /** What is known here, perhaps no longer true. */
  known(ring: string): HeldRing | undefined {
    return this.#rings.get(ring)
  }

  /**
   * The ring as the database has it, by a look that began after this call.
   * @throws {StoreError}
   * @throws {KeyturnError} ERR_HUB_SEAL, ERR_HUB_MASTER_KEY, ERR_RING_INVALID for a ring that cannot be opened
   */
  async confirmed(ring: string): Promise<HeldRing | undefined> {
    await this.#looks.ask()
    const damage = this.#damaged.get(ring)
    if (damage) throw damage
    return this.#rings.get(ring)
  }

  /** Everything, by a look that begins now. @throws {StoreError} */
  refresh(): Promise<void> {
    return this.#looks.ask()
  }

  /** Calls the listener at every change of the ring. Returns a function that stops. */
  subscribe(ring: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(ring) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(ring, listeners)
    return () => void listeners.delete(listener)
  }

  /** A change that this replica has just committed. */
  committed(ring: Ring, state: RingState, halted: string | null): void {
    const name = ring.document.ring
    this.#commits += 1
    this.#committed.set(name, this.#commits)
    const held = this.#rings.get(name)?.state
    // Another replica's later change may have been read before this call.
    if (held && isPast(held, state)) return
    this.#damaged.delete(name)
    this.#hold({ ring, state, halted })
  }

  async #look(): Promise<void> {
    const { db, name } = this.#database
    const { began, sent } = { began: this.#commits, sent: this.#clock.monotonic() }
    this.#reads += 1
    try {
      const rows = await db
        .selectFrom('rings')
        .select(['name', 'epoch', 'generation', 'hash', 'halted'])
        .execute()
      this.#confirmed = sent
      for (const row of rows) if (this.#isNews(row, began)) await this.#load(row.name, began)
      this.#missMissing(new Set(rows.map(row => row.name)), began)
    } catch (error) {
      throw asDatabaseError(error, name)
    }
  }

  /** Whether that row tells something, in a look that began after so many own commits. */
  #isNews(
    row: RingState & { readonly name: string; readonly halted: string | null },
    began: number,
  ): boolean {
    if (this.#damaged.has(row.name)) return true
    const held = this.#rings.get(row.name)
    if (!held) return true
    const { state, halted } = held
    if (state.hash === row.hash && state.epoch === row.epoch && halted === row.halted) return false
    // What was committed since may be what the look is too old to show.
    return this.#isOwn(row.name, began) ? isPast(row, state) : true
  }

  #isOwn(ring: string, began: number): boolean {
    return (this.#committed.get(ring) ?? 0) > began
  }

  async #load(ring: string, began: number): Promise<void> {
    const row = await this.#database.db
      .selectFrom('rings')
      .selectAll()
      // In the same statement: a commit in between would look like a ring that was set back.
      .select([trailEnd('epoch'), trailEnd('generation')])
      .where('name', '=', ring)
      .executeTakeFirst()
    if (!row || !this.#isNews(row, began)) return
    const trail = { epoch: row.trail_epoch ?? 0, generation: row.trail_generation ?? 0, hash: '' }
    if (row.halted === null && isPast(trail, row)) {
      const why = `the ring is at ${mark(row)}, its trail goes on to ${mark(trail)}: was an older one put back?`
      await halt(this.#database, ring, { epoch: trail.epoch, generation: trail.generation }, why)
      return this.#load(ring, began)
    }
    const held = this.#rings.get(ring)
    const found = { epoch: row.epoch, generation: row.generation, hash: row.hash }
    if (held && row.halted === null && isSetBack(held.state, found)) {
      await halt(this.#database, ring, held.state, setBackTo(mark(found), held.state))
      // As it is now: halted, or further than what was seen here.
      return this.#load(ring, began)
    }
    try {
      this.#hold({ ring: ringOf(row, this.#sealer), state: found, halted: row.halted })
      this.#damaged.delete(ring)
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error
      this.#damaged.set(ring, error)
    }
  }

  /** A ring that was here and is not in the database any more: nobody may take what is held for the newest. */
  #missMissing(found: ReadonlySet<string>, began: number): void {
    for (const [name, held] of this.#rings)
      if (!found.has(name) && !this.#isOwn(name, began))
        this.#rings.set(name, { ...held, halted: setBackTo(`no ring ${name}`, held.state) })
  }

  #hold(held: HeldRing): void {
    const name = held.ring.document.ring
    const before = this.#rings.get(name)
    this.#rings.set(name, held)
    if (before?.state.hash === held.state.hash && before.state.epoch === held.state.epoch) return
    for (const listener of this.#listeners.get(name) ?? []) listener(held.state)
  }
}

/** How far the trail of a ring goes. */
const trailEnd =
  <Column extends 'epoch' | 'generation'>(column: Column) =>
  (from: ExpressionBuilder<Schema, 'rings'>) =>
    from
      .selectFrom('audit')
      .select(`audit.${column}`)
      .whereRef('audit.ring', '=', 'rings.name')
      .orderBy('audit.epoch', 'desc')
      .orderBy('audit.generation', 'desc')
      .limit(1)
      .as(`trail_${column}` as const)

/** Whether one state is later than another. */
const isPast = (one: RingState, other: RingState): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.generation > other.generation)

/** Whether the database holds an older ring than the one seen before, or another one of the same generation. */
const isSetBack = (seen: RingState, found: RingState): boolean =>
  isPast(seen, found) || (!isPast(found, seen) && found.hash !== seen.hash)

const mark = ({ epoch, generation }: RingState): string => `generation ${generation} of epoch ${epoch}`

const setBackTo = (what: string, seen: RingState): string =>
  `the database holds ${what}, a replica has seen ${mark(seen)}`
