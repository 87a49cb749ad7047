/** Settle: when faults stop, what was running ends, the fleet comes together, and the ring can be rotated. */
import { resume } from '../../src/rotation/resume.ts'
import { rotate } from '../../src/rotation/rotate.ts'
import { numberOf } from './key-facts.ts'
import type { World } from './world.ts'

const grounds = { reason: 'faults have stopped' }

/** What is left to be done, in order. */
type Stage = 'finish' | 'rotate' | 'gather' | 'check' | 'over'

export class Settle {
  readonly #world: World
  #stage: Stage = 'finish'
  #isWaiting = false
  #deadline = Infinity

  constructor(world: World) {
    this.#world = world
  }

  get isOver(): boolean {
    return this.#stage === 'over'
  }

  /** To be called when everything was healed. */
  start(): void {
    const { limits, scheduler } = this.#world
    // Somebody's gate times out, a dead instance is fenced, the operation is resumed, and one more rotation is made.
    this.#deadline = scheduler.now + (150 + 2 * limits.maxStale + limits.lease + 90) * 1000
    this.#look()
  }

  #look(): void {
    const { scheduler, journal, store } = this.#world
    if (this.isOver || journal.violation) return
    if (scheduler.now > this.#deadline) {
      const { operation } = store.current.document
      const who = this.#stragglers().join('; ') || 'nobody lags'
      journal.violate(
        'operations end',
        `${this.#stage} is not done in time; ${operation ? `${operation.mode} is running` : 'nothing is running'}; ${who}`,
      )
      return
    }
    this.#step()
    scheduler.after(1_000, () => this.#look())
  }

  #step(): void {
    const { operators, store, limits, traffic, scheduler } = this.#world
    if (this.#isWaiting) return
    const timeout = (limits.maxStale + limits.lease) * 1000
    switch (this.#stage) {
      case 'finish':
        if (operators.areBusy) return
        if (store.current.document.operation) this.#wait('resume', resume, timeout)
        else this.#stage = 'rotate'
        return
      case 'rotate':
        this.#wait(
          'rotate',
          (on, wait) => rotate(on, { ...wait, ...grounds, mode: 'graceful', force: true }),
          timeout,
        )
        return
      case 'gather':
        if (this.#stragglers().length > 0) return
        this.#stage = 'check'
        traffic.crossCheck()
        scheduler.after(3_000, () => (this.#stage = 'over'))
        return
      case 'check':
      case 'over':
    }
  }

  /** A rotation that has ended leads to the next stage; what was refused is tried again. */
  #wait(name: 'resume' | 'rotate', work: typeof resume, timeout: number): void {
    this.#isWaiting = true
    void this.#world.operators
      .do(`${name} at last`, on => work(on, { timeout }))
      .then(code => {
        this.#isWaiting = false
        if (code === 'done' && name === 'rotate') this.#stage = 'gather'
        if (code !== 'ERR_GATE_TIMEOUT' && code !== 'ERR_CONFIRM_TIMEOUT') return
        this.#world.journal.violate('operations end', `${name} ends with ${code} though nothing is wrong`)
      })
  }

  /** Who does not hold the newest generation, or cannot use it. */
  #stragglers(): readonly string[] {
    const { fleet, store } = this.#world
    const { document } = store.current
    return fleet.hosts.flatMap(({ instance, isWanted }) => {
      if (!isWanted || !instance) return []
      const { document: held, name, keyring } = instance
      if (!instance.isReady || !held) return [`${name} is not ready`]
      if (held !== document) return [`${name} holds ${numberOf(held)}, not ${numberOf(document)}`]
      return keyring?.state === 'fresh' ? [] : [`${name} is ${keyring?.state ?? 'closed'}`]
    })
  }
}
