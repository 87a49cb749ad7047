/** SpreadWatch: a key that came through a gate is known wherever it is shown, from its first moment on. */
import type { Lease } from '../../src/ports/lease-board.ts'
import { activeKidOf, isTrusted, keyOf, numberOf } from './key-facts.ts'
import type { SimulatedInstance } from './simulated-instance.ts'
import type { Generation } from './virtual-store.ts'
import type { World } from './world.ts'

/** A key is published before these make it sign. */
const gated = new Set(['rotate.activate', 'rollback.activate'])

/** The gate allows 30 s; a message that is under way for long looks like a clock that is behind. */
const certainlyWrong = 45_000

export class SpreadWatch {
  /** Names whose leases carry false proofs, and since when, epoch seconds. */
  readonly liars = new Map<string, number>()
  /** The key that signs, if it came through a gate. */
  #spread: string | undefined
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  onCommit({ document }: Generation, before: Generation, verb: string): void {
    const kid = activeKidOf(document)
    if (kid === activeKidOf(before.document)) return
    this.#spread = gated.has(verb) ? kid : undefined
    if (!this.#spread) return
    for (const instance of this.#world.fleet.running) if (instance.isReady) this.#checkKnows(instance, kid)
    const { operation } = before.document
    if (operation) this.#checkProofs(operation.startedAt)
  }

  /** What a restored backup makes sign has come through no gate. */
  onRestore(): void {
    this.#spread = undefined
  }

  /** From its first moment on, an instance knows the key that signs. */
  onReady(instance: SimulatedInstance): void {
    const kid = activeKidOf(this.#world.store.current.document)
    if (this.#spread === kid) this.#checkKnows(instance, kid)
  }

  #checkKnows(instance: SimulatedInstance, kid: string): void {
    const { document } = instance
    if (!document || isTrusted(keyOf(document, kid))) return
    const { scheduler, limits } = this.#world
    // It has stopped by itself.
    if (scheduler.now - instance.heardAt > limits.maxStale * 1000) return
    // Waived by name, or fenced: it says 503 to what it does not know.
    if (!this.#counts(this.#world.store.board.get(instance.name))) return
    const state = keyOf(document, kid)?.state ?? 'not known'
    const label = this.#world.journal.label('key-', kid)
    this.#fail(`${label} signs, and is ${state} to ${instance.name}, which holds ${numberOf(document)}`)
  }

  /** Whoever could not be believed when the operation began has kept the gate shut ever since. */
  #checkProofs(startedAt: number): void {
    const { store, fleet, scheduler } = this.#world
    for (const lease of store.board.values()) {
      if (!this.#counts(lease)) continue
      const since = this.liars.get(lease.instance)
      if (since !== undefined && since < startedAt) this.#fail(`${lease.instance} has never proved anything`)
      const instance = fleet.running.find(each => each.name === lease.instance)
      if (!instance || instance.readyAt >= startedAt * 1000) continue
      const { offset, setAt } = instance.host.machine
      if (Math.abs(offset) > certainlyWrong && scheduler.now - setAt > 60_000)
        this.#fail(`the clock of ${lease.instance} is ${offset} ms off`)
    }
  }

  #counts(lease: (Lease & { readonly seenAt: number }) | undefined): boolean {
    const { hub, limits } = this.#world
    return lease?.role === 'instance' && hub.database.now() - lease.seenAt <= limits.maxStale * 1000
  }

  #fail(what: string): void {
    this.#world.journal.violate('a key is spread before it signs', what)
  }
}
