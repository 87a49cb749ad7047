/** keyturn rotate: a new key signs, and nobody is signed out, or with --mode hard everybody. */
import type { Command } from 'commander'
import { RingError } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import {
  abortOperation,
  adoptEdit,
  eraseDue,
  planRotation,
  readRing,
  resume,
  rotate,
  type Outcome,
} from 'keyturn/rotation'
import { iso, moment } from '../moments.ts'
import { Output } from '../output.ts'
import { showPlan } from '../plan-text.ts'
import { progressOf } from '../progress.ts'
import { rotateEverywhere } from '../rotate-everywhere.ts'
import { interruptible, requestOf, type RotateFlags } from '../rotate-request.ts'
import { dueAt } from '../schedule.ts'
import { refuseShared } from '../shared-kids.ts'
import { allTargets, chooseTarget, contextOf, flagsOf, type Target } from '../target.ts'
import { causeOf, causes, reasonOf, timeoutOf } from '../usage.ts'

export default (command: Command): void => {
  command
    .option('--mode <mode>', 'graceful: nobody is signed out; hard: everybody is', 'graceful')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--cause <cause>', causes.join(', '))
    .option('--dry-run', 'print the plan and its consequence, change nothing')
    .option('--exit-code', 'with --dry-run: exit 10 when something would change')
    .option('--plan <id>', 'apply exactly this plan, or refuse because the ring has moved')
    .option('--grace <duration>', 'how long the old key keeps verifying, this time')
    .option('--timeout <duration>', 'how long to wait for the instances', '2m')
    .option('--no-fleet', 'no instance is running, and none is expected')
    .option('--force', 'although a key is still retiring; in a full ring, destroy the oldest suspended key')
    .option('--resume', 'finish an operation whose command died')
    .option('--abort', 'drop what is staged')
    .option('--if-due', 'only when the schedule says so: for cron and systemd timers')
    .option('--all-environments', 'all of the configuration: all or none')
    .option('--keep-going', 'with --all-environments: one failure does not stop the others')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<RotateFlags>()
      const output = new Output(flags)
      if (flags.allEnvironments) return rotateEverywhere(flags, output)
      const target = chooseTarget(flags)
      if (flags.abort) return abort(flags, output, target)
      if (flags.resume) return finish(flags, output, target)
      if (flags.ifDue && !(await isDue(flags, output, target))) return
      await rotateOne(flags, output, target)
    })
}

async function rotateOne(flags: RotateFlags, output: Output, target: Target): Promise<void> {
  const request = requestOf(flags, target)
  const { document, edited } = await readRing(target.file.store)
  if (edited)
    throw new RingError('ERR_RING_EDITED', `${target.file.name} was edited by hand: restart pending`)
  const plan = planRotation(document, request, Math.floor(systemClock.now() / 1000))
  if (flags.dryRun) {
    showPlan(output, plan, flagsOf(flags))
    if (flags.exitCode) process.exitCode = 10
    return
  }
  // A hard rotation is the way out of a shared secret.
  if (!flags.force && request.mode === 'graceful') await refuseShared(withOthers(target, flags), [target])
  const reason = await reasonOf(flags.reason ?? (flags.ifDue ? 'scheduled rotation' : undefined))
  const context = contextOf(target, output, { report: progressOf(output), timeout: timeoutOf(flags) })
  await eraseDue(context)
  const outcome = await interruptible(output, () => rotate(context, { ...request, reason }))
  show(output, outcome, request.mode)
}

/** Every ring of the configuration that this one belongs to. */
const withOthers = (target: Target, flags: RotateFlags): readonly Target[] =>
  target.settings ? allTargets(flags) : [target]

/** Also erases what is due: where every process has a fixed environment, the timer is the only one that can. */
async function isDue(flags: RotateFlags, output: Output, target: Target): Promise<boolean> {
  const { ring, erased } = await eraseDue(contextOf(target, output, { timeout: timeoutOf(flags) }))
  const { document } = ring
  for (const kid of erased) output.note(`${kid} is past its time: erased`)
  const due = dueAt(target, document)
  const isNow = due === null || due <= systemClock.now() / 1000
  if (isNow) return true
  output.line(`not due until ${moment(due)}`)
  output.document('rotate', { ring: document.ring, rotated: false, due: iso(due) })
  return false
}

async function abort(flags: RotateFlags, output: Output, target: Target): Promise<void> {
  const reason = await reasonOf(flags.reason ?? 'aborted by hand')
  const document = await abortOperation(contextOf(target, output), { reason, ...causeOf(flags.cause) })
  output.line(
    `${output.mark('ok')} dropped what was staged, generation ${document.generation}; nothing else changed`,
  )
  output.document('rotate', { ring: document.ring, generation: document.generation, aborted: true })
}

async function finish(flags: RotateFlags, output: Output, target: Target): Promise<void> {
  const context = contextOf(target, output, { report: progressOf(output), timeout: timeoutOf(flags) })
  const found = await readRing(context.store)
  if (found.edited) await adoptEdit(context, found)
  await eraseDue(context)
  const outcome = await interruptible(output, () =>
    resume(context, {
      timeout: timeoutOf(flags),
      ...(!flags.fleet && { noFleet: true }),
    }),
  )
  const running = found.document.operation
  if (running) return show(output, outcome, running.mode)
  const { document } = outcome.ring
  output.line(
    `${output.mark('ok')} nothing to resume: every instance holds generation ${document.generation}`,
  )
  output.document('rotate', { ring: document.ring, rotated: false, generation: document.generation })
}

function show(output: Output, { ring, kid, fleet }: Outcome, mode: string | undefined): void {
  const { document } = ring
  const acknowledged = fleet.instances.filter(({ standing }) => standing === 'acknowledged').length
  const ended = mode === 'hard' ? 'all' : '0'
  output.line(
    `${output.mark('ok')} ${kid} signs ${document.ring}, generation ${document.generation}, on ${acknowledged} instance${acknowledged === 1 ? '' : 's'}`,
  )
  output.line(
    `Sessions ended: ${ended}.  ${document.undo.length > 0 ? 'Undo: keyturn rollback' : ''}`.trimEnd(),
  )
  if (acknowledged === 0) output.warn('no instance acknowledged: this rotation is unproven')
  output.document('rotate', {
    ring: document.ring,
    rotated: true,
    mode: mode ?? null,
    generation: document.generation,
    kid,
    sessionsEnded: mode === 'hard' ? 'all' : 'none',
    acknowledged,
    proven: acknowledged > 0,
  })
}
