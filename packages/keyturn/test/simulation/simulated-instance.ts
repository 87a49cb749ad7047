/** SimulatedInstance: a real LiveRing and Keyring in a virtual process, started as an application starts them. */
import { KeyturnError, StoreError } from '../../src/errors.ts'
import { Counting } from '../../src/keyring/counters.ts'
import { Emitter } from '../../src/keyring/events.ts'
import { Keyring } from '../../src/keyring/keyring.ts'
import { LiveRing } from '../../src/keyring/live-ring.ts'
import type { RingSnapshot } from '../../src/ports/live-source.ts'
import type { Ring, RingReader } from '../../src/ports/ring-store.ts'
import type { RingDocument } from '../../src/ring/document.ts'
import type { VirtualMachine, VirtualProcess } from './virtual-process.ts'
import type { World } from './world.ts'

const pollEvery = 15_000

/** A machine that runs one instance after another, and keeps the snapshot between them. */
export interface Host {
  readonly machine: VirtualMachine
  kept?: { readonly ring: Ring; readonly confirmedAt: number }
  instance?: SimulatedInstance
  /** Whether somebody starts the instance again when it dies. */
  isWanted: boolean
}

export class SimulatedInstance {
  readonly name: string
  readonly process: VirtualProcess
  readonly host: Host
  /** Answers requests. */
  isServing = false
  /** Has joined: from then on it counts. */
  isReady = false
  /** When it joined, epoch milliseconds of the store. */
  readyAt = Infinity
  isClosing = false
  live: LiveRing | undefined
  keyring: Keyring | undefined
  /** When something last kept it from its store or its time, true milliseconds. */
  troubleAt = -Infinity
  /** When it sent the last question that its store answered with a ring that it can take, true milliseconds. */
  heardAt = -Infinity
  /** Its highest ring so far, for the check that it never goes back. */
  highest: RingDocument | undefined
  readonly #world: World

  constructor(world: World, host: Host, process: VirtualProcess) {
    this.#world = world
    this.host = host
    this.process = process
    this.name = process.name
  }

  /** The document it decides with. */
  get document(): RingDocument | undefined {
    return this.live?.table.ring.document
  }

  get isUp(): boolean {
    return this.process.isUp && !this.isClosing
  }

  /** Whether it can be asked. */
  get isReachable(): boolean {
    return this.isServing && this.isUp
  }

  trouble(): void {
    this.troubleAt = this.#world.scheduler.now
  }

  /** @throws {KeyturnError} when an application would not start */
  async start(): Promise<void> {
    const { hub, dice, journal } = this.#world
    const store = this.#watched(hub.readerFor(this.process))
    const { ring, confirmedAt } = await this.#open(store)
    const counting = new Counting()
    const emitter = new Emitter()
    const live = new LiveRing(ring, {
      store,
      leases: hub.leasesFor(this.process),
      pollEvery,
      snapshot: this.#snapshot(),
      ...(confirmedAt !== undefined && { confirmedAt }),
      instance: this.name,
      counters: () => counting.snapshot(),
      onChange: (before, after) => {
        journal.note(`${this.name} takes generation ${this.#number(after.ring.document)}`)
        if (before.active.key.kid !== after.active.key.kid) this.#world.traffic.onNewSigner(this)
      },
      onRefused: code => {
        this.trouble()
        journal.note(`${this.name} does not take the ring: ${code}`)
      },
      clock: this.process,
      jitter: () => dice.between(80, 120) / 100,
    })
    this.live = live
    this.keyring = new Keyring(
      { live },
      {
        checks: { ...(dice.percent(50) && { cache: { entries: 100 } }) },
        emitter,
        counting,
        clock: this.process,
      },
    )
    if (live.isVerifyOnly) {
      journal.note(`${this.name} starts from a snapshot of generation ${this.#number(ring.document)}`)
      journal.count('start from a snapshot')
      this.trouble()
      this.isServing = true
      live.joinLater()
      return
    }
    await live.join()
    this.isServing = true
  }

  /** As openLive: a snapshot helps only where the store does not answer. */
  async #open(store: RingReader): Promise<{ ring: Ring; confirmedAt?: number }> {
    try {
      const ring = await store.read()
      if (!ring) throw new StoreError('ERR_STORE_MISSING')
      return { ring }
    } catch (error) {
      const isAway = error instanceof KeyturnError && error.code === 'ERR_STORE_UNREACHABLE'
      const { kept } = this.host
      if (!isAway || !kept) throw error
      const age = this.process.now() - kept.confirmedAt
      if (age < 0 || age > kept.ring.document.limits.maxStale * 1000) throw error
      return kept
    }
  }

  #watched(store: RingReader): RingReader {
    return {
      ...store,
      read: async () => {
        const sent = this.#world.scheduler.now
        try {
          const ring = await store.read()
          if (ring && this.#isTaken(ring.document)) this.heardAt = sent
          return ring
        } catch (error) {
          this.trouble()
          throw error
        }
      },
    }
  }

  #isTaken(found: RingDocument): boolean {
    const held = this.document
    if (!held) return true
    return found.epoch === held.epoch ? found.generation >= held.generation : found.epoch > held.epoch
  }

  #snapshot(): RingSnapshot {
    const { host } = this
    return {
      load: async () => host.kept,
      save: async (ring, confirmedAt) => {
        host.kept = { ring, confirmedAt }
      },
    }
  }

  #number({ epoch, generation }: RingDocument): string {
    return `${epoch}.${generation}`
  }

  /** Leaves in peace. */
  close(): void {
    this.isClosing = true
    this.process.receive(() => {
      this.keyring?.close().catch(() => undefined)
    })
  }
}
