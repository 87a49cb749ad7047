/** keyturn rollback: the newest rotation that is not undone yet is taken back. */
import type { Command } from 'commander'
import { readPlanId, type RollbackRequest } from 'keyturn/rotation'
import { openDesk } from '../desk/open-desk.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { showPlan } from '../plan-text.ts'
import { progressOf } from '../progress.ts'
import { interruptible } from '../rotate-request.ts'
import { causeOf, causes, reasonOf, timeoutOf, usageError } from '../usage.ts'

interface RollbackFlags extends GlobalFlags {
  readonly to?: string
  readonly reason?: string
  readonly cause?: string
  readonly dryRun?: boolean
  readonly exitCode?: boolean
  readonly plan?: string
  readonly timeout: string
  readonly fleet: boolean
}

export default (command: Command): void => {
  command
    .option('--to <kid>', 'a key further back (default: the key before the newest rotation)')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--cause <cause>', causes.join(', '))
    .option('--dry-run', 'print the plan and its consequence, change nothing')
    .option('--exit-code', 'with --dry-run: exit 10 when something would change')
    .option('--plan <id>', 'apply exactly this plan, or refuse because the ring has moved')
    .option('--timeout <duration>', 'how long to wait for the instances', '2m')
    .option('--no-fleet', 'no instance is running, and none is expected')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<RollbackFlags>()
      const output = new Output(flags)
      const desk = await openDesk(flags, output)
      if (flags.plan !== undefined && readPlanId(flags.plan)?.mode !== 'rollback')
        throw usageError('--plan is an id that rollback --dry-run printed')
      const request: Omit<RollbackRequest, 'reason'> = {
        ...causeOf(flags.cause),
        timeout: timeoutOf(flags),
        ...(flags.to !== undefined && { to: flags.to }),
        ...(flags.plan !== undefined && { plan: flags.plan }),
        ...(!flags.fleet && { noFleet: true }),
      }
      const plan = flags.dryRun ? await desk.planRollback(request) : undefined
      if (plan) {
        showPlan(output, plan, desk.where)
        if (flags.exitCode) process.exitCode = 10
        return
      }
      const reason = await reasonOf(flags.reason)
      const result = await interruptible(output, [desk], () =>
        desk.rollback({ ...request, reason }, progressOf(output)),
      )
      const { ring, generation, kid, cutoff, sessionsRestored } = result
      output.line(`${output.mark('ok')} ${kid} signs ${ring} again, generation ${generation}`)
      output.line(
        `Sessions ended: 0.${sessionsRestored ? '  Sessions that the rotation ended work again.' : ''}`,
      )
      output.document('rollback', { ring, generation, kid, cutoff, sessionsRestored })
    })
}
