/** keyturn rotate: a new key signs, and nobody is signed out, or with --mode hard everybody. */
import type { Command } from 'commander'
import { KeyturnError } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import {
  abortOperation,
  adoptEdit,
  eraseDue,
  planRotation,
  readPlanId,
  readRing,
  resume,
  rotate,
  rotateAll,
  type Outcome,
  type RotateRequest,
} from 'keyturn/rotation'
import { iso, moment } from '../moments.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { showPlan } from '../plan-text.ts'
import { progressOf } from '../progress.ts'
import { dueAt } from '../schedule.ts'
import { refuseShared } from '../shared-kids.ts'
import { allTargets, chooseTarget, contextOf, flagsOf, type Target } from '../target.ts'
import { causeOf, causes, reasonOf, secondsOf, timeoutOf, usageError } from '../usage.ts'

interface RotateFlags extends GlobalFlags {
  readonly mode: string
  readonly reason?: string
  readonly cause?: string
  readonly dryRun?: boolean
  readonly exitCode?: boolean
  readonly plan?: string
  readonly grace?: string
  readonly timeout: string
  readonly fleet: boolean
  readonly force?: boolean
  readonly resume?: boolean
  readonly abort?: boolean
  readonly ifDue?: boolean
  readonly allEnvironments?: boolean
  readonly keepGoing?: boolean
}

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
      if (flags.ifDue && !(await isDue(output, target))) return
      await rotateOne(flags, output, target)
    })
}

async function rotateOne(flags: RotateFlags, output: Output, target: Target): Promise<void> {
  const request = requestOf(flags, target)
  const { document } = await readRing(target.file.store)
  const plan = planRotation(document, request, Math.floor(systemClock.now() / 1000))
  if (flags.dryRun) {
    showPlan(output, plan, flagsOf(flags))
    if (flags.exitCode) process.exitCode = 10
    return
  }
  if (!flags.force) await refuseShared(withOthers(target, flags), [target])
  const reason = await reasonOf(flags.reason ?? (flags.ifDue ? 'scheduled rotation' : undefined))
  const context = contextOf(target, output, { report: progressOf(output), timeout: timeoutOf(flags) })
  await eraseDue(context)
  const outcome = await interruptible(output, () => rotate(context, { ...request, reason }))
  show(output, outcome, request.mode)
}

/** Every ring of the configuration that this one belongs to. */
const withOthers = (target: Target, flags: RotateFlags): readonly Target[] =>
  target.settings ? allTargets(flags) : [target]

function requestOf(flags: RotateFlags, target: Target): Omit<RotateRequest, 'reason'> {
  const planned = flags.plan === undefined ? undefined : readPlanId(flags.plan)
  if (flags.plan !== undefined && (!planned || planned.mode === 'rollback'))
    throw usageError('--plan is an id that --dry-run printed')
  const mode = planned?.mode ?? flags.mode
  if (mode === 'emergency') throw usageError('use keyturn emergency')
  if (mode !== 'graceful' && mode !== 'hard') throw usageError('--mode is graceful or hard')
  const given = flags.grace === undefined ? undefined : secondsOf('--grace', flags.grace)
  const grace = given ?? planned?.grace
  const { maxTokenLife, maxStale, tolerance } = target.limits
  const least = maxTokenLife + maxStale + 2 * tolerance
  if (given !== undefined && given < least)
    throw usageError(
      `--grace must be at least ${least} s, maxTokenLife + maxStale + 2 x tolerance: tokens would die early`,
    )
  const cause = flags.ifDue ? causeOf(flags.cause ?? 'scheduled') : causeOf(flags.cause)
  return {
    mode,
    ...cause,
    timeout: timeoutOf(flags),
    ...(grace !== undefined && { grace }),
    ...(!flags.fleet && { noFleet: true }),
    ...(flags.force && { force: true }),
    ...(flags.plan !== undefined && { plan: flags.plan }),
    ...(target.settings && { limits: target.limits }),
    ...(target.settings?.algorithm && { alg: target.settings.algorithm }),
  }
}

async function isDue(output: Output, target: Target): Promise<boolean> {
  const { document } = await readRing(target.file.store)
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
  const outcome = await interruptible(output, () =>
    resume(context, {
      timeout: timeoutOf(flags),
      ...(!flags.fleet && { noFleet: true }),
    }),
  )
  show(output, outcome, found.document.operation?.mode)
}

/** Ctrl-C says what stays true. */
async function interruptible<Result>(output: Output, work: () => Promise<Result>): Promise<Result> {
  const stop = (): void => {
    output.warn(
      'interrupted. Nobody is signed out by this; keyturn rotate --resume goes on, --abort drops what is staged',
    )
    process.exit(130)
  }
  process.once('SIGINT', stop)
  try {
    return await work()
  } finally {
    process.off('SIGINT', stop)
  }
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

async function rotateEverywhere(flags: RotateFlags, output: Output): Promise<void> {
  if (flags.environment !== undefined || flags.file !== undefined)
    throw usageError('--all-environments goes without -e and --file')
  const targets = allTargets(flags)
  if (!flags.force) await refuseShared(targets, targets)
  const requests = targets.map(target => requestOf(flags, target))
  if (flags.dryRun) {
    for (const [index, target] of targets.entries()) {
      const { document } = await readRing(target.file.store)
      const request = requests[index]
      if (request)
        showPlan(
          output,
          planRotation(document, request, Math.floor(systemClock.now() / 1000)),
          ` -e ${target.environment ?? ''}`,
        )
    }
    if (flags.exitCode) process.exitCode = 10
    return
  }
  const reason = await reasonOf(flags.reason)
  const members = targets.flatMap((target, index) => {
    const request = requests[index]
    const name = target.environment ?? target.ring
    return request
      ? [
          {
            name,
            context: contextOf(target, output, {
              report: progressOf(output, name),
              timeout: timeoutOf(flags),
            }),
            request: { ...request, reason },
          },
        ]
      : []
  })
  const outcomes = await interruptible(output, () =>
    rotateAll(members, { ...(flags.keepGoing && { keepGoing: true }) }),
  )
  for (const { name, outcome, error } of outcomes) {
    if (outcome)
      output.line(
        `${output.mark('ok')} ${name}: ${outcome.kid} signs, generation ${outcome.ring.document.generation}`,
      )
    else
      output.line(`${output.mark('fail')} ${name}: ${error instanceof Error ? error.message : 'not started'}`)
  }
  output.document('rotate-all', {
    environments: outcomes.map(({ name, outcome, error }) => ({
      name,
      rotated: outcome !== undefined,
      generation: outcome?.ring.document.generation ?? null,
      code: error instanceof KeyturnError ? error.code : null,
    })),
  })
  const first = outcomes.find(
    ({ error }) => error instanceof KeyturnError && error.code !== 'ERR_RING_GATE_SHUT',
  )?.error
  const failed = first ?? outcomes.find(({ error }) => error !== undefined)?.error
  if (failed === undefined) return
  process.exitCode = failed instanceof KeyturnError ? failed.exitCode : 1
  if (!flags.keepGoing) output.warn('nothing was activated anywhere: one environment failed')
}
