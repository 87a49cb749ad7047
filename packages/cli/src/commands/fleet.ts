/** keyturn fleet: list, show, forget. */
import type { Command } from 'commander'
import { KeyturnError } from 'keyturn'
import { clockOffset, fleetOf, forgetInstance, readRing, type FleetInstance } from 'keyturn/rotation'
import { Output, type GlobalFlags } from '../output.ts'
import { chooseTarget, contextOf } from '../target.ts'
import { causeOf, causes, reasonOf } from '../usage.ts'

interface FleetFlags extends GlobalFlags {
  readonly check?: boolean
  readonly reason?: string
  readonly cause?: string
}

export default (command: Command): void => {
  command.action(() => command.help({ error: true }))
  command
    .command('list')
    .description('every instance: what it holds, and since when it was not seen')
    .option('--check', 'exit 3 when an instance is missing or behind')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<FleetFlags>()
      const output = new Output(flags)
      const { ring, fleet, now } = await look(flags)
      if (fleet.instances.length === 0) output.note('no instance holds this ring')
      else
        output.table(
          ['INSTANCE', 'PID', 'GENERATION', 'STANDING', 'SEEN', 'CLOCK', 'VERIFIED'],
          fleet.instances.map(each => row(each, now)),
        )
      output.document('fleet', {
        ring: ring.document.ring,
        generation: ring.document.generation,
        instances: fleet.instances.map(each => describe(each)),
      })
      if (flags.check && (fleet.missing.length > 0 || fleet.instances.length === 0)) process.exitCode = 3
    })
  command
    .command('show <instance>')
    .description('one instance')
    .action(async (id: string, _, self: Command) => {
      const flags = self.optsWithGlobals<FleetFlags>()
      const output = new Output(flags)
      const { ring, fleet } = await look(flags)
      const found = fleet.instances.find(({ lease }) => lease.instance === id)
      if (!found) throw new KeyturnError('ERR_RING_INSTANCE_NOT_FOUND', `no instance is called ${id}`)
      for (const [name, value] of Object.entries(describe(found)))
        output.line(`${name.padEnd(12)}${typeof value === 'string' ? value : JSON.stringify(value)}`)
      output.document('instance', { ring: ring.document.ring, instance: describe(found) })
    })
  command
    .command('forget <instance>')
    .description('waive a lost instance by name: no gate waits for it any more')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--cause <cause>', causes.join(', '))
    .action(async (id: string, _, self: Command) => {
      const flags = self.optsWithGlobals<FleetFlags>()
      const output = new Output(flags)
      const reason = await reasonOf(flags.reason)
      const context = contextOf(chooseTarget(flags), output)
      const document = await forgetInstance(context, { instance: id, reason, ...causeOf(flags.cause) })
      output.line(`${output.mark('ok')} ${id} is forgotten, generation ${document.generation}`)
      output.document('fleet-forget', { ring: document.ring, generation: document.generation, instance: id })
    })
}

async function look(flags: FleetFlags): Promise<{
  ring: Awaited<ReturnType<typeof readRing>>
  fleet: Awaited<ReturnType<typeof fleetOf>>
  now: number
}> {
  const { file } = chooseTarget(flags)
  const ring = await readRing(file.store)
  const now = await file.store.now()
  return { ring, fleet: await fleetOf(ring, file.leases, now), now }
}

const row = ({ lease, standing }: FleetInstance, now: number): readonly string[] => [
  lease.instance,
  String(lease.process.pid),
  String(lease.generation),
  standing,
  `${((now - lease.seenAt) / 1000).toFixed(0)} s ago`,
  `${(clockOffset(lease) / 1000).toFixed(1)} s`,
  String(Object.values(lease.counters.verified).reduce((sum, count) => sum + count, 0)),
]

const describe = (each: FleetInstance): Readonly<Record<string, unknown>> => ({
  id: each.lease.instance,
  standing: each.standing,
  lost: each.standing === 'lost',
  epoch: each.lease.epoch,
  generation: each.lease.generation,
  kids: each.lease.kids,
  seenAt: new Date(each.lease.seenAt).toISOString(),
  startedAt: new Date(each.lease.startedAt).toISOString(),
  clockOffsetSeconds: Math.round(clockOffset(each.lease)) / 1000,
  process: each.lease.process,
  refused: each.lease.nack ?? null,
  counters: each.lease.counters,
})
