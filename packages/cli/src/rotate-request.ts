/** requestOf: what the flags of keyturn rotate ask for. */
import { readPlanId, type RotateRequest } from 'keyturn/rotation'
import type { GlobalFlags, Output } from './output.ts'
import type { Target } from './target.ts'
import { causeOf, secondsOf, timeoutOf, usageError } from './usage.ts'

export interface RotateFlags extends GlobalFlags {
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

export function requestOf(flags: RotateFlags, target: Target): Omit<RotateRequest, 'reason'> {
  const planned = flags.plan === undefined ? undefined : readPlanId(flags.plan)
  if (flags.plan !== undefined && (!planned || planned.mode === 'rollback'))
    throw usageError('--plan is an id that --dry-run printed')
  const mode = planned?.mode ?? flags.mode
  if (mode === 'emergency') throw usageError('use keyturn emergency')
  if (mode !== 'graceful' && mode !== 'hard') throw usageError('--mode is graceful or hard')
  const given = flags.grace === undefined ? undefined : secondsOf('--grace', flags.grace)
  const grace = given ?? planned?.grace
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

/** Ctrl-C says what stays true. */
export async function interruptible<Result>(output: Output, work: () => Promise<Result>): Promise<Result> {
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
