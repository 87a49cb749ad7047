/** SimulatedFleet: which instances run where. Who dies is started again. */
import { codeOf } from './code-of.ts'
import { SimulatedInstance, type Host } from './simulated-instance.ts'
import { VirtualMachine, VirtualProcess } from './virtual-process.ts'
import type { World } from './world.ts'

const mostHosts = 6

export class SimulatedFleet {
  readonly hosts: Host[] = []
  /** Whether somebody stands still while it starts, now and then. */
  isRough = true
  readonly #world: World
  #started = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Instances whose processes run, whatever they do. */
  get running(): readonly SimulatedInstance[] {
    return this.hosts.flatMap(({ instance }) => (instance?.isUp ? [instance] : []))
  }

  /** Instances that can be asked. */
  get reachable(): readonly SimulatedInstance[] {
    return this.running.filter(each => each.isReachable)
  }

  /** Starts an instance on a machine that has none. */
  add(): void {
    const free = this.hosts.find(({ isWanted }) => !isWanted)
    if (!free && this.hosts.length >= mostHosts) return
    const host = free ?? this.#newHost()
    host.isWanted = true
    this.#start(host)
  }

  #newHost(): Host {
    const { dice } = this.#world
    const host: Host = {
      machine: new VirtualMachine(`machine-${this.hosts.length + 1}`, dice.between(980, 1_020) / 1_000),
      isWanted: false,
    }
    const farOff = dice.weighted([
      [30, 28],
      [3, 60],
      [1, 300],
    ] as const)
    host.machine.offset = dice.between(-farOff * 1000, farOff * 1000)
    this.hosts.push(host)
    return host
  }

  #start(host: Host): void {
    if (!host.isWanted) return
    // One that was on its way out.
    host.instance?.process.kill()
    this.#started += 1
    const { dice, scheduler } = this.#world
    const name = `instance-${this.#started}`
    const process = new VirtualProcess(name, host.machine, this.#world)
    const instance = new SimulatedInstance(this.#world, host, process)
    host.instance = instance
    this.#world.journal.note(
      `${name} starts on ${host.machine.name}, clock ${host.machine.offset} ms off, rate ${host.machine.rate}`,
    )
    // The worst moment to stand still is while it joins.
    if (this.isRough && dice.percent(15))
      scheduler.after(dice.between(5, 300), () => process.pause('stop', dice.between(500, 8_000)))
    instance.start().catch((error: unknown) => {
      if (!process.isUp) return
      if (codeOf(error) === undefined)
        this.#world.journal.violate(
          'nothing fails in an unknown way',
          `${name} does not start: ${String(error)}`,
        )
      this.kill(instance)
    })
  }

  /** A process is gone without a word; a supervisor starts the next one. */
  kill(instance: SimulatedInstance): void {
    const { scheduler, dice, journal } = this.#world
    journal.note(`${instance.name} dies`)
    instance.process.kill()
    scheduler.after(dice.between(300, dice.percent(30) ? 30_000 : 3_000), () => this.#start(instance.host))
  }

  /** Leaves for good, with a word. */
  leave(instance: SimulatedInstance): void {
    this.#world.journal.note(`${instance.name} leaves`)
    instance.host.isWanted = false
    delete instance.host.kept
    instance.close()
  }

  /** After each event: no instance goes back, and who has joined knows the key that signs. */
  observe(): void {
    for (const { instance } of this.hosts) {
      const document = instance?.document
      if (!instance || !document) continue
      const { highest } = instance
      if (document !== highest) {
        const step = highest ? document.epoch - highest.epoch || document.generation - highest.generation : 1
        if (step <= 0)
          this.#world.journal.violate(
            'one key signs, and no way back',
            `${instance.name} goes from ${highest?.epoch}.${highest?.generation} to ${document.epoch}.${document.generation}`,
          )
        instance.highest = document
      }
      if (!instance.isReady && instance.isReachable && instance.live?.isVerifyOnly === false) {
        instance.isReady = true
        instance.readyAt = this.#world.hub.database.now()
        this.#world.journal.note(`${instance.name} is ready`)
        this.#world.spread.onReady(instance)
      }
    }
  }
}
