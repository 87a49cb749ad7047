/** RingFeed: what one replica knows of every ring, and who is told when it changes. */
import { StoreError } from 'keyturn'
import { systemClock, type Clock, type Ring } from 'keyturn/ports'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { Coalesced } from './coalesced.ts'
import { ringOf, type HeldRing, type RingState } from './ring-rows.ts'

/** Milliseconds between two looks at the database. */
const pollEvery = 250

type Listener = (state: RingState) => void

/** Rings in memory, confirmed by the database: a ring is read from it only when its state has changed. */
export class RingFeed {
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #clock: Clock
  readonly #rings = new Map<string, HeldRing>()
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #looks: Coalesced<void>
  /** Grows with each own commit: a look that began before it may still show the state before. */
  #commits = 0
  #reads = 0
  #confirmed = -Infinity
  #stopPoll: () => void = () => undefined
  #isStopped = false

  constructor(database: Database, sealer: Sealer, clock: Clock = systemClock) {
    this.#database = database
    this.#sealer = sealer
    this.#clock = clock
    this.#looks = new Coalesced(() => this.#look())
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

  /** The ring as the database has it, by a look that began after this call. @throws {StoreError} */
  async confirmed(ring: string): Promise<HeldRing | undefined> {
    await this.#looks.ask()
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
    this.#commits += 1
    const held = this.#rings.get(ring.document.ring)?.state
    // Another replica's later change may have been read before this call.
    if (
      held &&
      (held.epoch > state.epoch || (held.epoch === state.epoch && held.generation > state.generation))
    )
      return
    this.#hold({ ring, state, halted })
  }

  async #look(): Promise<void> {
    const { db, name } = this.#database
    const { commits, sent } = { commits: this.#commits, sent: this.#clock.monotonic() }
    this.#reads += 1
    try {
      const rows = await db
        .selectFrom('rings')
        .select(['name', 'epoch', 'generation', 'hash', 'halted'])
        .execute()
      this.#confirmed = sent
      const changed = rows.filter(row => this.#isNews(row))
      // Own commits came in between: the next look shows whether anything is left to learn.
      if (changed.length > 0 && commits !== this.#commits) return
      for (const { name: ring } of changed) await this.#load(ring, commits)
    } catch (error) {
      throw asDatabaseError(error, name)
    }
  }

  #isNews(row: RingState & { readonly name: string; readonly halted: string | null }): boolean {
    const held = this.#rings.get(row.name)
    return (
      !held || held.state.hash !== row.hash || held.state.epoch !== row.epoch || held.halted !== row.halted
    )
  }

  async #load(ring: string, commits: number): Promise<void> {
    const { db } = this.#database
    const row = await db.selectFrom('rings').selectAll().where('name', '=', ring).executeTakeFirst()
    if (!row) throw new StoreError('ERR_STORE_MISSING', `the ring ${ring} is gone`)
    if (commits !== this.#commits) return
    const held = this.#rings.get(ring)
    const found = { epoch: row.epoch, generation: row.generation, hash: row.hash }
    const setBack = held ? isSetBack(held.state, found) : undefined
    if (setBack !== undefined && row.halted === null) {
      await halt(this.#database, ring, setBack)
      row.halted = setBack
    }
    this.#hold({ ring: ringOf(row, this.#sealer), state: found, halted: row.halted })
  }

  #hold(held: HeldRing): void {
    const name = held.ring.document.ring
    const before = this.#rings.get(name)
    this.#rings.set(name, held)
    if (before?.state.hash === held.state.hash && before.state.epoch === held.state.epoch) return
    for (const listener of this.#listeners.get(name) ?? []) listener(held.state)
  }
}

/** A sentence if the database holds an older ring than the one seen before, or another one of the same generation. */
function isSetBack(held: RingState, found: RingState): string | undefined {
  const step = found.epoch - held.epoch || found.generation - held.generation
  if (step > 0 || (step === 0 && found.hash === held.hash)) return undefined
  return `the database holds generation ${found.generation} of epoch ${found.epoch}, a replica has seen generation ${held.generation} of epoch ${held.epoch}`
}

/** Stops changes of a ring until a new epoch begins. */
export async function halt({ db }: Database, ring: string, why: string): Promise<void> {
  await db
    .updateTable('rings')
    .set({ halted: why })
    .where('name', '=', ring)
    .where('halted', 'is', null)
    .execute()
}
