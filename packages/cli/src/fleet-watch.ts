/** watchFleet: the instances, live: a table on a terminal, a line for each change through a pipe. */
import { systemClock } from 'keyturn/ports'
import type { FleetView, InstanceView } from './desk/fleet-view.ts'
import type { RingDesk } from './desk/ring-desk.ts'
import { fleetDocument, showFleet } from './fleet-table.ts'
import { NoAnswer } from './hub/hub-problem.ts'
import type { Output } from './output.ts'

const pause = 1000

/** Returns when nobody reads on. A hub that is away is asked again. */
export async function watchFleet(desk: RingDesk, output: Output): Promise<void> {
  const unread = new AbortController()
  process.stdout.once('error', () => unread.abort())
  const isTable = process.stdout.isTTY === true && !output.json && !output.plain
  let before: FleetView | undefined
  let isAway = false
  while (!unread.signal.aborted) {
    try {
      const fleet = await desk.fleet()
      if (isAway) output.warn(`${desk.name} answers again`)
      isAway = false
      if (isTable) showTable(output, fleet)
      else showChanges(output, fleet, before)
      before = fleet
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      if (!isAway) output.warn(`${error.message}; trying again`)
      isAway = true
    }
    await systemClock.sleep(pause, unread.signal)
  }
}

function showTable(output: Output, fleet: FleetView): void {
  process.stdout.write('\u001b[2J\u001b[H')
  const { ring, generation, instances, missing } = fleet
  output.line(`${output.paint('bold', ring)}  generation ${generation}`)
  if (instances.length === 0) return output.line('no instance holds this ring')
  showFleet(output, fleet)
  for (const { why } of missing) output.line(`${output.mark('warn')} ${why}`)
}

/** Counters and times go on by themselves: only where an instance stands is a change. */
const placeOf = ({ standing, epoch, generation }: InstanceView): string =>
  `${standing} ${epoch}.${generation}`

function showChanges(output: Output, fleet: FleetView, before: FleetView | undefined): void {
  const old = new Map(before?.instances.map(each => [each.instance, each]))
  const lines = fleet.instances.flatMap(each => {
    const known = old.get(each.instance)
    old.delete(each.instance)
    return known && placeOf(known) === placeOf(each)
      ? []
      : [lineOf(fleet, each.instance, each.standing, each)]
  })
  for (const gone of old.values()) lines.push(lineOf(fleet, gone.instance, 'gone', gone))
  if (before && before.generation !== fleet.generation)
    lines.unshift([timeOf(fleet), fleet.ring, 'generation', String(fleet.generation)])
  for (const line of lines) output.line(line.join(output.plain ? '\t' : '  '))
  if (lines.length > 0 || !before) output.document('fleet', fleetDocument(fleet))
}

const lineOf = (fleet: FleetView, id: string, standing: string, each: InstanceView): string[] => [
  timeOf(fleet),
  id,
  standing,
  String(each.generation),
]

const timeOf = ({ now }: FleetView): string => new Date(now).toISOString()
