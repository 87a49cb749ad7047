/** keyturn rotate: a new key signs, and nobody is signed out, or with --mode hard everybody. */
import type { Command } from 'commander'
import { RingError, StoreError } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import { allDesks, openDesk, type Desk } from '../desk/open-desk.ts'
import type { RotationResult } from '../desk/ring-desk.ts'
import { iso, moment } from '../moments.ts'
import { Output } from '../output.ts'
import { showPlan } from '../plan-text.ts'
import { progressOf } from '../progress.ts'
import { rotateEverywhere } from '../rotate-everywhere.ts'
import { interruptible, requestOf, type RotateFlags } from '../rotate-request.ts'
import { dueAt } from '../schedule.ts'
import { refuseShared } from '../shared-kids.ts'
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
      const desk = await openDesk(flags, output)
      if (flags.abort) return abort(flags, output, desk)
      if (flags.resume) return finish(flags, output, desk)
      if (flags.ifDue && !(await isDue(flags, output, desk))) return
      await rotateOne(flags, output, desk)
    })
}

async function rotateOne(flags: RotateFlags, output: Output, desk: Desk): Promise<void> {
  const request = requestOf(flags, desk)
  if ((await recordOf(desk)).edited)
    throw new RingError('ERR_RING_EDITED', `${desk.name} was edited by hand: restart pending`)
  const plan = await desk.planRotation(request)
  if (flags.dryRun) {
    showPlan(output, plan, desk.where)
    if (flags.exitCode) process.exitCode = 10
    return
  }
  // A hard rotation is the way out of a shared secret.
  if (!flags.force && request.mode === 'graceful')
    await refuseShared(desk.settings ? await allDesks(flags, output) : [desk], [desk])
  const reason = await reasonOf(flags.reason ?? (flags.ifDue ? 'scheduled rotation' : undefined))
  const result = await interruptible(output, [desk], () =>
    desk.rotate({ ...request, reason }, progressOf(output)),
  )
  show(output, result, request.mode)
}

/** @throws {StoreError} ERR_STORE_MISSING */
async function recordOf(desk: Desk): Promise<NonNullable<Awaited<ReturnType<Desk['record']>>>> {
  const record = await desk.record()
  if (!record) throw new StoreError('ERR_STORE_MISSING', `${desk.name} holds no ring`)
  return record
}

/** Also erases what is due: where every process has a fixed environment, the timer is the only one that can. */
async function isDue(flags: RotateFlags, output: Output, desk: Desk): Promise<boolean> {
  const { erased } = await desk.eraseDue(timeoutOf(flags))
  for (const kid of erased) output.note(`${kid} is past its time: erased`)
  const { document } = await recordOf(desk)
  const due = dueAt(desk, document)
  const isNow = due === null || due <= systemClock.now() / 1000
  if (isNow) return true
  output.line(`not due until ${moment(due)}`)
  output.document('rotate', { ring: document.ring, rotated: false, due: iso(due) })
  return false
}

async function abort(flags: RotateFlags, output: Output, desk: Desk): Promise<void> {
  const reason = await reasonOf(flags.reason ?? 'aborted by hand')
  const { ring, generation } = await desk.abort({ reason, ...causeOf(flags.cause) })
  output.line(`${output.mark('ok')} dropped what was staged, generation ${generation}; nothing else changed`)
  output.document('rotate', { ring, generation, aborted: true })
}

async function finish(flags: RotateFlags, output: Output, desk: Desk): Promise<void> {
  const wait = { timeout: timeoutOf(flags), ...(!flags.fleet && { noFleet: true }) }
  const result = await interruptible(output, [desk], () => desk.resume(wait, progressOf(output)))
  const { mode, ring, generation } = result
  if (mode !== undefined) return show(output, result, mode)
  output.line(`${output.mark('ok')} nothing to resume: every instance holds generation ${generation}`)
  output.document('rotate', { ring, rotated: false, generation })
}

function show(output: Output, result: RotationResult, mode: string): void {
  const { ring, generation, kid, acknowledged, canUndo } = result
  const ended = mode === 'hard' || mode === 'emergency' ? 'all' : '0'
  output.line(
    `${output.mark('ok')} ${kid} signs ${ring}, generation ${generation}, on ${acknowledged} instance${acknowledged === 1 ? '' : 's'}`,
  )
  output.line(`Sessions ended: ${ended}.  ${canUndo ? 'Undo: keyturn rollback' : ''}`.trimEnd())
  if (acknowledged === 0) output.warn('no instance acknowledged: this rotation is unproven')
  output.document('rotate', {
    ring,
    rotated: true,
    mode,
    generation,
    kid,
    sessionsEnded: ended === 'all' ? 'all' : 'none',
    acknowledged,
    proven: acknowledged > 0,
  })
}
