/** waitForFleet: until every instance that counts holds a generation. */
import { RingError } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import { isCounting, type FleetView, type InstanceView } from './desk/fleet-view.ts'
import type { RingDesk } from './desk/ring-desk.ts'
import { fleetDocument } from './fleet-table.ts'
import { NoAnswer } from './hub/hub-problem.ts'
import type { GlobalFlags, Output } from './output.ts'
import { timeoutOf, usageError } from './usage.ts'

export interface WaitFlags extends GlobalFlags {
  readonly generation: string
  readonly timeout: string
}

const pause = 250

/** @throws {RingError} ERR_CONFIRM_TIMEOUT, naming who lags */
export async function waitForFleet(desk: RingDesk, flags: WaitFlags, output: Output): Promise<void> {
  const given = generationOf(flags)
  const end = systemClock.monotonic() + timeoutOf(flags)
  let wanted = given
  for (;;) {
    const fleet = await fleetOrNothing(desk, end)
    wanted ??= fleet?.generation
    const lagging = fleet && lagsIn(fleet, wanted ?? 0)
    if (fleet && lagging?.length === 0) return show(output, fleet, wanted ?? 0)
    if (systemClock.monotonic() >= end)
      throw new RingError(
        'ERR_CONFIRM_TIMEOUT',
        `generation ${wanted ?? 'current'} is not everywhere: ${lagging?.join('; ') ?? `${desk.name} does not answer`}`,
      )
    await systemClock.sleep(pause)
  }
}

function generationOf({ generation }: WaitFlags): number | undefined {
  if (generation === 'current') return undefined
  if (/^\d{1,12}$/.test(generation)) return Number(generation)
  throw usageError('--generation is a whole number, or current')
}

/** A hub that restarts is waited for like an instance. */
async function fleetOrNothing(desk: RingDesk, end: number): Promise<FleetView | undefined> {
  try {
    return await desk.fleet()
  } catch (error) {
    if (error instanceof NoAnswer && systemClock.monotonic() < end) return undefined
    throw error
  }
}

/** Sentences on who does not hold it; with no instance at all nobody does. */
function lagsIn(fleet: FleetView, wanted: number): readonly string[] {
  const counting = fleet.instances.filter(isCounting)
  if (counting.length === 0) return ['no instance holds this ring']
  return counting
    .filter(each => !holds(each, fleet, wanted))
    .map(each => each.why ?? `${each.instance} holds generation ${each.generation}`)
}

/** Of the newest generation the proof counts, of an earlier one the number. */
function holds(each: InstanceView, fleet: FleetView, wanted: number): boolean {
  if (each.standing === 'acknowledged') return fleet.generation >= wanted
  return each.standing === 'behind' && wanted < fleet.generation && each.generation >= wanted
}

function show(output: Output, fleet: FleetView, wanted: number): void {
  const count = fleet.instances.filter(isCounting).length
  output.line(
    `${output.mark('ok')} ${count} instance${count === 1 ? ' holds' : 's hold'} generation ${wanted} of ${fleet.ring}`,
  )
  output.document('fleet', fleetDocument(fleet))
}
