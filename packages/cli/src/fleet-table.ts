/** showFleet, fleetDocument: the instances of a ring for people, and for programs. */
import type { FleetView, InstanceView } from './desk/fleet-view.ts'
import type { Output } from './output.ts'

export function showFleet(output: Output, { instances, now }: FleetView): void {
  output.table(
    ['INSTANCE', 'PID', 'GENERATION', 'STANDING', 'SEEN', 'CLOCK', 'VERIFIED'],
    instances.map(each => [
      each.instance,
      String(each.process.pid),
      String(each.generation),
      each.standing,
      `${((now - Date.parse(each.seenAt)) / 1000).toFixed(0)} s ago`,
      `${each.clockOffsetSeconds.toFixed(1)} s`,
      String(Object.values(each.counters.verified).reduce((sum, count) => sum + count, 0)),
    ]),
  )
}

/** The document of `fleet list` and of each change under `fleet watch`. */
export const fleetDocument = ({
  ring,
  generation,
  instances,
}: FleetView): Readonly<Record<string, unknown>> => ({
  ring,
  generation,
  instances: instances.map(instanceFields),
})

export const instanceFields = (each: InstanceView): Readonly<Record<string, unknown>> => ({
  id: each.instance,
  standing: each.standing,
  lost: each.standing === 'lost',
  epoch: each.epoch,
  generation: each.generation,
  kids: each.kids,
  seenAt: each.seenAt,
  startedAt: each.startedAt,
  clockOffsetSeconds: each.clockOffsetSeconds,
  process: each.process,
  refused: each.refused,
  counters: each.counters,
})
