/** A ring in memory with its fleet: instances that acknowledge what they hold, or do not. */
import { hashOf } from '../src/ports/hash.ts'
import { memoryAudit, memoryLeases, memoryStore } from '../src/ports/memory.ts'
import { noCounters, type Lease, type LeaseBoard } from '../src/ports/lease-board.ts'
import type { Ring, RingStore } from '../src/ports/ring-store.ts'
import type { AuditEntry, RingDocument } from '../src/ring/document.ts'
import type { RotationContext } from '../src/rotation/context.ts'
import { proofOf } from '../src/rotation/proof.ts'
import { freshRing } from './ring-fixtures.ts'
import { VirtualClock } from './virtual-clock.ts'

/** Everything a rotation works with, in memory. */
export interface Bench {
  readonly clock: VirtualClock
  readonly store: RingStore
  readonly leases: LeaseBoard
  readonly context: RotationContext
  /** Instances whose processes are proved dead. */
  readonly dead: Set<string>
  ring(): Promise<Ring>
  document(): Promise<RingDocument>
  trail(): Promise<readonly AuditEntry[]>
}

export function bench(options: { ring?: Ring; clock?: VirtualClock; name?: string } = {}): Bench {
  const clock = options.clock ?? new VirtualClock()
  const audit = memoryAudit()
  const dead = new Set<string>()
  const store = memoryStore({ ring: options.ring ?? freshRing(clock.seconds, options.name), audit, clock })
  const leases = {
    ...memoryLeases(clock),
    isProvedDead: async ({ instance }: Lease) => dead.has(instance),
  }
  const ring = async (): Promise<Ring> => {
    const found = await store.read()
    if (!found) throw new Error('the store is empty')
    return found
  }
  return {
    clock,
    store,
    leases,
    context: { store, leases, clock, actor: 'a test' },
    dead,
    ring,
    document: async () => (await ring()).document,
    trail: async () => (await audit.read()).entries,
  }
}

/** One process of a simulated fleet. */
export class Instance {
  readonly name: string
  readonly #bench: Bench
  readonly #change: (lease: Lease, ring: Ring) => Lease
  #isSilent = false

  /** @param change what is wrong with its leases */
  constructor(bench: Bench, name: string, change: (lease: Lease, ring: Ring) => Lease = lease => lease) {
    this.#bench = bench
    this.name = name
    this.#change = change
  }

  /** Acknowledges what the store holds now, and from now on every change, with a heartbeat of 10 s. */
  async start(): Promise<this> {
    this.#isSilent = false
    const beat = (): void => {
      if (this.#isSilent) return
      void this.acknowledge()
      this.#bench.clock.in(10_000, beat)
    }
    this.#bench.clock.in(10_000, beat)
    this.#bench.store.watch?.(() => {
      if (!this.#isSilent) void this.acknowledge()
    })
    await this.acknowledge()
    return this
  }

  /** Says nothing from now on, as a process that was stopped. */
  silence(): void {
    this.#isSilent = true
  }

  async acknowledge(): Promise<void> {
    const ring = await this.#bench.ring()
    await this.#bench.leases.put(this.#change(leaseOf(ring, this.name, this.#bench.clock.now()), ring))
  }
}

/** An honest lease. @param sentAt epoch milliseconds */
export function leaseOf({ document, secrets }: Ring, instance: string, sentAt: number): Lease {
  const held = document.keys.filter(({ kid, state }) => secrets.has(kid) && state !== 'suspended')
  const proved = held.filter(({ state }) => state === 'active' || state === 'staged')
  const proofs = proved.flatMap(({ kid }) => {
    const secret = secrets.get(kid)
    return secret ? [[kid, proofOf(secret, document, instance)]] : []
  })
  return {
    v: 1,
    instance,
    ring: document.ring,
    epoch: document.epoch,
    generation: document.generation,
    hash: hashOf(document),
    kids: held.map(({ kid }) => kid),
    proofs: Object.fromEntries(proofs),
    process: { host: 'host', boot: 'boot', namespace: 'pid', pid: 1, start: '1' },
    startedAt: sentAt,
    sentAt,
    counters: noCounters,
    role: 'instance',
  }
}

/** A bench with running instances. */
export async function benchWith(...names: readonly string[]): Promise<Bench> {
  const made = bench()
  for (const name of names) await new Instance(made, name).start()
  return made
}

export const grounds = { reason: 'a test' }
