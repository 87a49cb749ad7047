/** keyturn fleet: list, watch, wait, show, forget. */
import type { Command } from 'commander'
import { KeyturnError } from 'keyturn'
import { openDesk } from '../desk/open-desk.ts'
import { fleetDocument, instanceFields, showFleet } from '../fleet-table.ts'
import { waitForFleet, type WaitFlags } from '../fleet-wait.ts'
import { watchFleet } from '../fleet-watch.ts'
import { Output, type GlobalFlags } from '../output.ts'
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
      const desk = await openDesk(flags, output)
      const fleet = await desk.fleet()
      if (fleet.instances.length === 0) output.note('no instance holds this ring')
      else showFleet(output, fleet)
      output.document('fleet', fleetDocument(fleet))
      if (flags.check && (fleet.missing.length > 0 || fleet.instances.length === 0)) process.exitCode = 3
    })
  command
    .command('watch')
    .description('the same, live until Ctrl-C; through a pipe a line for each change')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<FleetFlags>()
      const output = new Output(flags)
      await watchFleet(await openDesk(flags, output), output)
    })
  command
    .command('wait')
    .description('until every instance holds a generation, for scripts')
    .requiredOption('--generation <n>', 'a number, or current', 'current')
    .option('--timeout <duration>', 'how long; then exit 7, saying who lags', '2m')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<WaitFlags>()
      const output = new Output(flags)
      await waitForFleet(await openDesk(flags, output), flags, output)
    })
  command
    .command('show <instance>')
    .description('one instance')
    .action(async (id: string, _, self: Command) => {
      const flags = self.optsWithGlobals<FleetFlags>()
      const output = new Output(flags)
      const desk = await openDesk(flags, output)
      const { ring, instances } = await desk.fleet()
      const found = instances.find(({ instance }) => instance === id)
      if (!found) throw new KeyturnError('ERR_RING_INSTANCE_NOT_FOUND', `no instance is called ${id}`)
      for (const [name, value] of Object.entries(instanceFields(found)))
        output.line(`${name.padEnd(12)}${typeof value === 'string' ? value : JSON.stringify(value)}`)
      output.document('instance', { ring, instance: instanceFields(found) })
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
      const desk = await openDesk(flags, output)
      const { ring, generation } = await desk.forget({ instance: id, reason, ...causeOf(flags.cause) })
      output.line(`${output.mark('ok')} ${id} is forgotten, generation ${generation}`)
      output.document('fleet-forget', { ring, generation, instance: id })
    })
}
