/** Faults: what goes wrong, at any time, and at the points of a rotation where it hurts most. */
import { hashOf } from '../../src/ports/hash.ts'
import type { RotationEvent } from '../../src/rotation/context.ts'
import type { SimulatedInstance } from './simulated-instance.ts'
import type { Cut } from './virtual-network.ts'
import type { VirtualProcess } from './virtual-process.ts'
import type { World } from './world.ts'

/** A clock that is set back around a sleep hides how long that was: nothing else could tell. Milliseconds. */
const blind = 300_000

/** So many instances run at least. */
const fewest = 2

export class Faults {
  readonly #world: World
  readonly #isOver: () => boolean
  #liars = 0

  /** @param isOver whether nothing goes wrong any more */
  constructor(world: World, isOver: () => boolean) {
    this.#world = world
    this.#isOver = isOver
  }

  /** @param every milliseconds between two faults, on average */
  start(every: number): void {
    const { scheduler, dice } = this.#world
    scheduler.after(dice.between(every / 4, every * 1.75), () => {
      if (this.#isOver()) return
      this.#happen()
      this.start(every)
    })
  }

  #happen(): void {
    const { dice, fleet, hub } = this.#world
    const { running } = fleet
    if (running.length === 0) return
    const instance = dice.one(running)
    const replica = dice.one(hub.replicas)
    const isSpare = running.length > fewest
    dice.weighted<() => void>([
      [22, () => this.#cutOff(instance)],
      [14, () => this.#pause(instance)],
      [8, () => this.#killSpare(instance)],
      [5, () => isSpare && fleet.leave(instance)],
      [9, () => fleet.add()],
      [7, () => this.#killReplica(replica)],
      [7, () => this.#pauseReplica(replica)],
      [4, () => this.#takeDatabaseAway()],
      [5, () => this.#setClock(instance)],
      [3, () => this.#lie()],
    ])()
  }

  #cutOff(instance: SimulatedInstance): void {
    const { dice, network, scheduler, journal } = this.#world
    const kinds = [
      [60, 'all'],
      [20, 'answers'],
      [10, 'reads'],
      [10, 'leases'],
    ] as const
    const how = dice.weighted<Cut>(kinds)
    const time = dice.between(2, dice.percent(50) ? 30 : 200) * 1000
    journal.count(`fault: cut off, ${how}`)
    journal.note(`${instance.name} is cut off for ${time} ms: ${how}`)
    instance.trouble()
    network.cut(instance.process, how)
    if (dice.percent(15)) scheduler.after(dice.between(0, time), () => this.#killSpare(instance))
    scheduler.after(time, () => {
      instance.host.instance?.trouble()
      network.mend(instance.process)
    })
  }

  #killSpare(instance: SimulatedInstance): void {
    const { fleet } = this.#world
    if (instance.isUp && fleet.running.length > fewest && !this.#isOver()) fleet.kill(instance)
  }

  #pause(instance: SimulatedInstance): void {
    const { dice, scheduler, journal } = this.#world
    const { setAt } = instance.host.machine
    const how = scheduler.now - setAt < blind || dice.percent(65) ? 'stop' : 'sleep'
    const time = dice.between(1, dice.percent(50) ? 20 : 160) * 1000
    journal.count(`fault: ${how}`)
    journal.note(`${instance.name} is paused for ${time} ms: ${how}`)
    instance.trouble()
    instance.process.pause(how, time)
    const isDeafAfterwards = dice.percent(30)
    scheduler.after(time, () => {
      instance.trouble()
      if (isDeafAfterwards && !this.#isOver()) this.#cutOff(instance)
    })
  }

  #killReplica(replica: VirtualProcess): void {
    const { dice, hub, scheduler, journal } = this.#world
    if (!replica.isUp) return
    journal.count('fault: replica killed')
    journal.note(`${replica.name} dies`)
    replica.kill()
    scheduler.after(dice.between(500, 20_000), () => hub.restart(replica))
  }

  #pauseReplica(replica: VirtualProcess): void {
    const { dice, journal } = this.#world
    const time = dice.between(1, dice.percent(60) ? 15 : 150) * 1000
    journal.count('fault: replica stopped')
    journal.note(`${replica.name} is paused for ${time} ms`)
    replica.pause('stop', time)
  }

  #takeDatabaseAway(): void {
    const { dice, store, hub, scheduler, journal } = this.#world
    const time = dice.between(1, 25) * 1000
    const isSilent = dice.percent(40)
    journal.count(`fault: database ${isSilent ? 'silent' : 'away'}`)
    journal.note(`the database is ${isSilent ? 'silent' : 'away'} for ${time} ms`)
    if (isSilent) return hub.database.pause('stop', time)
    store.isAway = true
    scheduler.after(time, () => (store.isAway = false))
  }

  #setClock(instance: SimulatedInstance): void {
    const { dice, journal, scheduler } = this.#world
    const { host } = instance
    if (instance.process.isPaused) return
    const { machine } = host
    const most = dice.percent(70) ? 20_000 : 70_000
    const step = dice.between(scheduler.now - machine.sleptAt < blind ? 0 : -most, most)
    // A wall clock that goes back makes a snapshot look younger too.
    if (step < 0) delete host.kept
    machine.offset += step
    machine.setAt = scheduler.now
    instance.trouble()
    journal.count('fault: clock set')
    journal.note(`the clock of ${host.machine.name} is set by ${step} ms`)
  }

  /** Somebody claims to hold what others hold, with their proofs. */
  #lie(): void {
    const { dice, store, spread, hub, scheduler, journal } = this.#world
    this.#liars += 1
    const instance = `liar-${this.#liars}`
    const until = scheduler.now + dice.between(10, 60) * 1000
    spread.liars.set(instance, Math.floor(truth(this.#world) / 1000))
    journal.count('fault: false proofs')
    journal.note(`${instance} begins to lie`)
    const lie = (): void => {
      if (this.#isOver() || scheduler.now > until) return
      const honest = [...store.board.values()].filter(({ role }) => role === 'instance')
      const { document } = store.current
      const held = { epoch: document.epoch, generation: document.generation, hash: hashOf(document) }
      if (honest.length > 0)
        void store.leases.put({
          ...dice.one(honest),
          ...held,
          instance,
          sentAt: hub.database.now(),
        })
      scheduler.after(1_000, lie)
    }
    lie()
  }

  /** A replica dies or stands still in the middle of a rotation, or somebody joins. */
  onPhase(replica: VirtualProcess, event: RotationEvent): void {
    if (this.#isOver()) return
    const { dice, fleet, scheduler, operators, hub } = this.#world
    const isTelling = event.type !== 'confirming' && (event.type !== 'gate' || event.fleet.acknowledged)
    if (!isTelling) return
    if (event.type === 'staged' && dice.percent(20))
      scheduler.after(dice.between(0, 3_000), () => fleet.add())
    const fate = dice.between(1, 100)
    if (fate <= 6) this.#killReplica(replica)
    // Whoever stood still at its own gate goes on when another one has just been shut.
    const sleeper = hub.replicas.find(({ isPaused }) => isPaused)
    if (event.type === 'staged' && sleeper && dice.percent(50))
      scheduler.after(dice.between(0, 100), () => sleeper.wake())
    if (fate <= 90) return
    this.#pauseReplica(replica)
    if (event.type === 'gate') scheduler.after(dice.between(0, 3_000), () => void operators.supersede())
    else scheduler.after(dice.between(0, 5_000), () => operators.doSomething())
  }

  /** A backup of an earlier generation takes the place of the ring. All replicas start again. */
  restoreBackup(): void {
    const { dice, store, hub, scheduler, journal, spread, operators, commits } = this.#world
    const generation = dice.one(store.history.slice(-8))
    const leases = dice.percent(60) ? 'kept' : 'lost'
    for (const replica of hub.replicas) replica.kill()
    journal.count('fault: backup restored')
    journal.note(`generation ${generation.document.generation} is restored, leases are ${leases}`)
    store.restore(generation, leases)
    spread.onRestore()
    // Instances must see to themselves, unless only the trail knows what must not come back.
    const isRevived = generation.document.keys.some(
      ({ kid, state }) => state !== 'compromised' && commits.compromised.has(kid),
    )
    hub.isBlind = !isRevived && dice.percent(50)
    if (hub.isBlind) journal.count('fault: backup restored, and served')
    for (const replica of hub.replicas) hub.restart(replica)
    scheduler.after(dice.between(6_000, 60_000), () => void operators.endHalt())
  }

  /** Everything works again; and when everybody has heard of it, all clocks are set. */
  heal(): void {
    const { dice, network, store, hub, fleet, scheduler } = this.#world
    network.mendAll()
    fleet.isRough = false
    store.isAway = false
    hub.database.wake()
    for (const replica of hub.replicas) {
      replica.wake()
      if (!replica.isUp) hub.restart(replica)
    }
    for (const { instance } of fleet.hosts) {
      instance?.process.wake()
      instance?.trouble()
    }
    scheduler.after(20_000, () => {
      for (const host of fleet.hosts) {
        delete host.kept
        host.instance?.trouble()
        host.machine.offset = dice.between(-5_000, 5_000)
      }
    })
  }
}

/** The truth, epoch milliseconds. */
const truth = ({ hub }: World): number => hub.database.now()
