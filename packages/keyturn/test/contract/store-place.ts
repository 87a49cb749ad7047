/** StorePlace: what a store gives the contract suite. */
import type { TestContext } from 'vitest'
import type { AuditTrail } from '../../src/ports/audit-log.ts'
import type { LeaseBoard } from '../../src/ports/lease-board.ts'
import type { RingStore } from '../../src/ports/ring-store.ts'

/** One process's or replica's way into a place. */
export interface StoreHandle {
  readonly store: RingStore
  readonly leases: LeaseBoard
  readonly audit: { read(): Promise<AuditTrail> }
}

/**
 * Makes a place that holds nothing yet, for the ring of that name. Called inside a test, once for each, so that
 * `onTestFinished` can close what was opened and remove what was made.
 */
export type NewPlace = (ring: string) => Promise<StorePlace>

/** Takes back what was done to a place. */
export type Undo = () => Promise<void>

/** Says why a store cannot do something: the tests that need it are skipped with these words. */
export interface Cannot {
  readonly cannot: string
}

/** Where one ring is, and what can happen to it. */
export interface StorePlace {
  /**
   * A new handle. Handles share nothing but the place: two are two processes, as far as the store can tell.
   * While access is denied or cut off, this may fail as a read does.
   */
  open(): Promise<StoreHandle>
  /** Makes the store refuse access to every handle, until it is undone. */
  readonly deny: (() => Promise<Undo>) | Cannot
  /** Makes the store unreachable for every handle, until it is undone. */
  readonly cutOff: (() => Promise<Undo>) | Cannot
  /** Set where both only reach handles opened after them, as one that keeps its file open. */
  readonly keepsOpen?: true
  /** A backup of the ring alone. What it returns puts it back behind the store's back; leases and trail stay. */
  readonly backUpRing: (() => Promise<Undo>) | Cannot
  /** A backup of the whole place: ring, leases and trail. Handles from before it is put back are not used again. */
  readonly backUpAll: (() => Promise<Undo>) | Cannot
  readonly killWriter: KillWriter | Cannot
  readonly atRest: AtRest | Cannot
}

/** A writer in a process of its own that dies at its work, see `killWriter` in kill-writer.ts. */
export interface KillWriter {
  /** Where it can be killed. `after-read` needs no failpoint: between its read and its write. */
  readonly points: readonly string[]
  /** Lets it change the ring by one generation, and resolves when SIGKILL has ended it at that point. */
  kill(point: string): Promise<void>
}

/** What lies on the disk, to be searched for secrets. */
export interface AtRest {
  /** Whether secrets are encrypted there: then none is ever found. */
  readonly isSealed: boolean
  /** Every byte of it. */
  bytes(): Promise<Buffer>
}

export const cannot = (why: string): Cannot => ({ cannot: why })

/** What the store can do; without it, skips the test and says why. */
export function able<Ability extends object>(context: TestContext, ability: Ability | Cannot): Ability {
  if (!isCannot(ability)) return ability
  console.warn(`SKIPPED ${context.task.suite?.suite?.name ?? ''}, ${context.task.name}: ${ability.cannot}`)
  return context.skip(ability.cannot)
}

const isCannot = (ability: object): ability is Cannot => 'cannot' in ability
