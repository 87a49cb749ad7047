/** SimulatedHub: replicas before one store, as instances and operators reach them. */
import { StoreError } from '../../src/errors.ts'
import type { Lease, LeaseWriter } from '../../src/ports/lease-board.ts'
import type { Ring, RingReader } from '../../src/ports/ring-store.ts'
import type { RotationContext, RotationEvent } from '../../src/rotation/context.ts'
import { refuseRegressed } from '../../src/rotation/regression.ts'
import type { Dice } from './dice.ts'
import type { Journal } from './journal.ts'
import type { Scheduler } from './scheduler.ts'
import type { VirtualNetwork } from './virtual-network.ts'
import { VirtualMachine, VirtualProcess } from './virtual-process.ts'
import type { VirtualStore } from './virtual-store.ts'

interface Parts {
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly journal: Journal
  readonly network: VirtualNetwork
}

export class SimulatedHub {
  readonly database: VirtualProcess
  replicas: VirtualProcess[]
  /** Serves a restored backup to everybody, until its new epoch. */
  isBlind = false
  readonly #parts: Parts
  readonly #store: VirtualStore
  readonly #watchers = new Map<VirtualProcess, () => void>()
  readonly #served = new WeakMap<Ring, Ring>()
  #judged: { readonly key: string; readonly error: unknown } | undefined
  #started = 0

  constructor(store: VirtualStore, replicas: number, parts: Parts) {
    this.#store = store
    this.#parts = parts
    this.database = new VirtualProcess('database', new VirtualMachine('database'), parts)
    this.replicas = Array.from({ length: replicas }, () => this.#newReplica())
  }

  #newReplica(): VirtualProcess {
    this.#started += 1
    const name = `replica-${this.#started}`
    return new VirtualProcess(name, new VirtualMachine(name), this.#parts)
  }

  /** Starts another process in the place of one that is gone. */
  restart(gone: VirtualProcess): void {
    this.replicas = this.replicas.map(each => (each === gone ? this.#newReplica() : each))
  }

  /** A replica that works, if there is one. */
  anyReplica(): VirtualProcess | undefined {
    const able = this.replicas.filter(each => each.isUp && !each.isPaused)
    return able.length > 0 ? this.#parts.dice.one(able) : undefined
  }

  /** Tells everybody who watches. */
  announce(): void {
    for (const [process, hint] of this.#watchers) {
      if (process.isUp) this.#parts.network.hint(process, hint)
      else this.#watchers.delete(process)
    }
  }

  readerFor(instance: VirtualProcess): RingReader {
    const { network, dice } = this.#parts
    return {
      name: 'the hub',
      read: () => network.ask(instance, dice.one(this.replicas), 'read', () => this.#serve()),
      watch: hint => {
        this.#watchers.set(instance, hint)
        return () => this.#watchers.delete(instance)
      },
    }
  }

  leasesFor(instance: VirtualProcess): LeaseWriter {
    const { network, dice } = this.#parts
    const ask = (work: () => Promise<void>): Promise<void> =>
      network.ask(instance, dice.one(this.replicas), 'lease', async () => {
        this.#store.assertThere()
        await work()
      })
    return {
      put: (lease: Lease) => ask(() => this.#store.leases.put(lease)),
      remove: name => ask(() => this.#store.leases.remove(name)),
    }
  }

  /** What a replica works with when somebody changes the ring. */
  contextOn(replica: VirtualProcess, report: (event: RotationEvent) => void): RotationContext {
    const { network } = this.#parts
    const query = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
      network.query(replica, this.database, async () => {
        this.#store.assertThere()
        return work()
      })
    const { database } = this
    const store = this.#store
    return {
      store: {
        name: 'the database',
        read: () => query(async () => store.current.ring),
        compareAndSwap: (expected, next) => query(() => store.compareAndSwap(expected, next)),
        now: () => query(async () => database.now()),
      },
      leases: {
        put: lease => query(() => store.leases.put(lease)),
        remove: name => query(() => store.leases.remove(name)),
        list: () => query(() => store.leases.list()),
        isProvedDead: async () => false,
      },
      clock: replica,
      actor: replica.name,
      trail: () => query(() => store.audit.read()),
      report,
    }
  }

  /** The ring for an instance: nothing while a backup was restored, and no bytes that it must not verify with. */
  async #serve(): Promise<Ring> {
    this.#store.assertThere()
    if (!this.isBlind || !this.#store.isSetBack) await this.assertNotHalted()
    const { current } = this.#store
    const known = this.#served.get(current.ring)
    if (known) return known
    const { document } = current
    const suspended = document.keys.filter(key => key.state === 'suspended').map(key => key.kid)
    const served = {
      document,
      secrets: new Map([...current.ring.secrets].filter(([kid]) => !suspended.includes(kid))),
    }
    this.#served.set(current.ring, served)
    return served
  }

  /** @throws {RingError} ERR_RING_REGRESSED while a restored backup waits for its new epoch */
  async assertNotHalted(): Promise<void> {
    const store = this.#store
    const leases = await store.leases.list()
    const seen = leases.reduce((most, each) => Math.max(most, each.epoch * 1e6 + each.generation), 0)
    const key = `${store.history.length} ${store.current.index} ${seen}`
    if (this.#judged?.key !== key) {
      const error: unknown = await refuseRegressed({
        store: {
          name: 'the database',
          read: async () => store.current.ring,
          compareAndSwap: () => Promise.reject(new StoreError('ERR_STORE_DENIED')),
          now: async () => this.database.now(),
        },
        leases: store.leases,
        clock: this.database,
        actor: 'the hub',
        trail: () => store.audit.read(),
      }).then(
        () => undefined,
        (refusal: unknown) => refusal,
      )
      this.#judged = { key, error }
    }
    if (this.#judged.error !== undefined) throw this.#judged.error as Error
  }
}
