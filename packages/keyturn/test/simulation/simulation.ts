/** simulate: one seed, one run, one report. */
import { Faults } from './faults.ts'
import type { Violation } from './journal.ts'
import { Settle } from './settle.ts'
import { createWorld } from './world.ts'

export interface RunReport {
  readonly seed: number
  /** What ended the run early. */
  readonly violation: Violation | undefined
  /** The last things that happened. */
  readonly trace: readonly string[]
  /** How often what was seen. */
  readonly counts: Readonly<Record<string, number>>
  /** Of everything that happened: two runs of a seed have the same. */
  readonly digest: string
  readonly events: number
  /** Seconds of virtual time. */
  readonly seconds: number
}

/** Runs the real rotation, keyring and ring code in a world that the seed makes. */
export async function simulate(seed: number): Promise<RunReport> {
  const world = await createWorld(seed)
  const { scheduler, dice, journal, fleet, operators, traffic } = world
  const storm = dice.between(70, 140) * 1000
  const isOver = (): boolean => scheduler.now >= storm
  const faults = new Faults(world, isOver)
  const settle = new Settle(world)

  for (let count = dice.between(2, 5); count > 0; count -= 1) fleet.add()
  traffic.start()
  operators.onPhase = (replica, event) => faults.onPhase(replica, event)
  operators.start(dice.one([5_000, 9_000, 15_000]), isOver)
  operators.startErasing(isOver)
  faults.start(dice.one([6_000, 14_000, 30_000]))
  if (dice.percent(10)) scheduler.after(dice.between(storm / 4, storm * 0.75), () => faults.restoreBackup())
  scheduler.after(storm, () => {
    journal.note('faults stop')
    faults.heal()
    void operators.endHalt()
    settle.start()
  })

  await scheduler.run(() => {
    fleet.observe()
    return settle.isOver || journal.violation !== undefined
  })
  await world.commits.checkTrail()
  const { violation, trace, counts, digest } = journal
  const { count: events, now } = scheduler
  return { seed, violation, trace, counts, digest, events, seconds: now / 1000 }
}
