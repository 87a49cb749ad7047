/** Operators: people and schedulers who change the ring through the replicas, at any time and at the same time. */
import type { RotationContext, RotationEvent } from '../../src/rotation/context.ts'
import { beginEpoch } from '../../src/rotation/begin-epoch.ts'
import { emergency } from '../../src/rotation/emergency.ts'
import { eraseDue } from '../../src/rotation/erase.ts'
import { destroyKey, forgetInstance, importKey, retireKey } from '../../src/rotation/key-verbs.ts'
import { abortOperation, resume } from '../../src/rotation/resume.ts'
import { rollback } from '../../src/rotation/rollback.ts'
import { rotate } from '../../src/rotation/rotate.ts'
import { generateSecret } from '../../src/secret/generate.ts'
import { codeOf } from './code-of.ts'
import { keyOf } from './key-facts.ts'
import type { VirtualProcess } from './virtual-process.ts'
import type { World } from './world.ts'

type Work = (context: RotationContext) => Promise<unknown>

/** Something a replica is doing. */
interface Task {
  readonly name: string
  readonly replica: VirtualProcess
}

const grounds = { reason: 'a simulation' }

export class Operators {
  readonly #world: World
  readonly #tasks = new Set<Task>()
  /** Whether keys leak in this run: what leaked cannot be rolled back to. */
  readonly #doKeysLeak: boolean
  /** What a replica meets at a point of its work. */
  onPhase: (replica: VirtualProcess, event: RotationEvent) => void = () => undefined

  constructor(world: World) {
    this.#world = world
    this.#doKeysLeak = world.dice.percent(50)
  }

  /** Whether somebody is still at work. */
  get areBusy(): boolean {
    return [...this.#tasks].some(({ replica }) => replica.isUp)
  }

  /** Something every so often, until told to stop. @param every milliseconds on average */
  start(every: number, isOver: () => boolean): void {
    const { scheduler, dice } = this.#world
    scheduler.after(dice.between(every / 4, every * 1.75), () => {
      if (isOver()) return
      this.doSomething()
      this.start(every, isOver)
    })
  }

  /** The housekeeping of the replicas. */
  startErasing(isOver: () => boolean): void {
    const { scheduler, dice } = this.#world
    scheduler.after(dice.between(20_000, 60_000), () => {
      if (isOver()) return
      void this.do('erase', eraseDue)
      this.startErasing(isOver)
    })
  }

  doSomething(): void {
    const { dice, store } = this.#world
    const timeout = dice.between(5, 60) * 1000
    const kids = store.current.document.keys.map(({ kid }) => kid)
    const instances = [...store.board.keys()]
    const force = dice.percent(60)
    const emergencies = this.#doKeysLeak ? 3 : 0
    const isRunning = store.current.document.operation !== null
    const act = dice.weighted<() => Promise<unknown>>([
      [
        isRunning ? 6 : 26,
        () => this.do('rotate', on => rotate(on, { ...grounds, mode: 'graceful', timeout, force })),
      ],
      [
        isRunning ? 3 : 12,
        () => this.do('rotate hard', on => rotate(on, { ...grounds, mode: 'hard', timeout, force })),
      ],
      [isRunning ? 3 : 28, () => this.#rollBack(timeout)],
      [isRunning ? 20 : 2, () => this.do('resume', on => resume(on, { timeout }))],
      [isRunning ? 9 : 1, () => this.do('abort', on => abortOperation(on, grounds))],
      [emergencies, () => this.do('emergency', on => emergency(on, { ...grounds, timeout }))],
      [3 * emergencies, () => this.#killKey(dice.one(kids), timeout)],
      [5, () => this.do('import', on => importKey(on, { ...grounds, text: generateSecret(), force }))],
      [5, () => this.do('retire', on => retireKey(on, { ...grounds, kid: dice.one(kids), force }))],
      [3, () => this.do('destroy', on => destroyKey(on, { ...grounds, kid: dice.one(kids) }))],
      [5, () => this.#forget(instances)],
    ])
    void act()
  }

  /** Once, or twice in a row without looking how the first one ends. */
  async #rollBack(timeout: number): Promise<void> {
    const { dice } = this.#world
    const first = this.do('rollback', on => rollback(on, { ...grounds, timeout }))
    if (dice.percent(30)) void this.do('rollback', on => rollback(on, { ...grounds, timeout }))
    await first
  }

  /** Drops what somebody is doing, and begins something else. */
  async supersede(): Promise<void> {
    await this.do('abort', on => abortOperation(on, grounds))
    await this.do('rotate', on => rotate(on, { ...grounds, mode: 'graceful', timeout: 30_000, force: true }))
  }

  async #killKey(kid: string, timeout: number): Promise<void> {
    await this.do('emergency --kid', async on => {
      const { document } = await emergency(on, { ...grounds, timeout, kid })
      if (keyOf(document, kid)?.state !== 'compromised')
        this.#world.journal.violate(
          'compromised stays compromised',
          'an emergency has spared the key that it names',
        )
    })
  }

  async #forget(instances: readonly string[]): Promise<void> {
    if (instances.length === 0) return
    const instance = this.#world.dice.one(instances)
    await this.do('forget', on => forgetInstance(on, { ...grounds, instance }))
  }

  /** Begins a new epoch while the ring is halted. Again and again: whoever does it may die. */
  async endHalt(): Promise<void> {
    const { scheduler, dice, hub } = this.#world
    const isHalted = await hub.assertNotHalted().then(
      () => false,
      () => true,
    )
    if (!isHalted) return
    scheduler.after(dice.between(10_000, 15_000), () => void this.endHalt())
    await this.do('epoch', on => beginEpoch(on, grounds))
  }

  /** Lets a replica work. @returns the code with which it ends; nothing when nobody could do it or it died */
  async do(name: string, work: Work): Promise<string | undefined> {
    const { hub, journal, scheduler, dice, fleet } = this.#world
    const replica = hub.anyReplica()
    if (!replica) return undefined
    // Somebody joins just as the ring changes.
    if (fleet.isRough && dice.percent(10)) scheduler.after(dice.between(0, 300), () => fleet.add())
    const task = { name, replica }
    this.#tasks.add(task)
    journal.note(`${replica.name} begins: ${name}`)
    const context = hub.contextOn(replica, event => this.onPhase(replica, event))
    let code = 'done'
    try {
      await work(context)
    } catch (error) {
      code = codeOf(error) ?? 'unknown'
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      if (code === 'unknown') journal.violate('nothing fails in an unknown way', `${name}: ${text}`)
    }
    this.#tasks.delete(task)
    journal.count(`${name}: ${code}`)
    journal.note(`${replica.name} ends: ${name}: ${code}`)
    return code
  }
}
