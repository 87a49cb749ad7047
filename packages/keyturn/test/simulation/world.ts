/** World: everything of one run, wired together. */
import type { Limits } from '../../src/ring/document.ts'
import { checkLimits } from '../../src/ring/limits.ts'
import { CommitWatch } from './commit-watch.ts'
import { Dice } from './dice.ts'
import { SimulatedFleet } from './fleet.ts'
import { Journal } from './journal.ts'
import { Operators } from './operators.ts'
import { Scheduler } from './scheduler.ts'
import { SimulatedHub } from './simulated-hub.ts'
import { SpreadWatch } from './spread-watch.ts'
import { Traffic } from './traffic.ts'
import { VirtualNetwork } from './virtual-network.ts'
import { VirtualMachine, VirtualProcess } from './virtual-process.ts'
import { VirtualStore } from './virtual-store.ts'

export interface World {
  readonly limits: Limits
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly journal: Journal
  readonly network: VirtualNetwork
  readonly store: VirtualStore
  readonly hub: SimulatedHub
  readonly fleet: SimulatedFleet
  readonly operators: Operators
  readonly traffic: Traffic
  readonly commits: CommitWatch
  readonly spread: SpreadWatch
}

/** A world of one seed: a ring in its first generation, one or two replicas, and nobody yet. */
export async function createWorld(seed: number): Promise<World> {
  const scheduler = new Scheduler()
  const dice = new Dice(seed)
  const journal = new Journal(scheduler)
  const parts = { scheduler, dice, journal }
  const limits = limitsOf(dice)
  const network = new VirtualNetwork(parts)
  network.lossShare = dice.one([0, 0, 1, 4])
  const clock = new VirtualProcess('store', new VirtualMachine('store'), parts)
  const store = await VirtualStore.withRing(limits, clock, () => scheduler.now)
  const hub = new SimulatedHub(store, dice.between(1, 2), { ...parts, network })
  const base = { ...parts, limits, network, store, hub }
  // They meet each other only once the run has begun.
  const world = base as { -readonly [Name in keyof World]: World[Name] }
  world.fleet = new SimulatedFleet(world)
  world.operators = new Operators(world)
  world.traffic = new Traffic(world)
  world.commits = new CommitWatch(world)
  world.spread = new SpreadWatch(world)
  store.onCommit = (next, before) => world.commits.onCommit(next, before)
  return world
}

/** Short durations, so that a run of minutes sees keys from their first to their last moment. */
function limitsOf(dice: Dice): Limits {
  const [maxTokenLife, maxStale, lease] = dice.one([
    [30, 45, 30],
    [60, 60, 40],
    [40, 90, 45],
  ] as const)
  const tolerance = 60
  const grace = maxTokenLife + maxStale + 2 * tolerance + dice.between(0, 60)
  return checkLimits({ maxTokenLife, maxStale, lease, tolerance, grace, hold: dice.between(60, 300) })
}
