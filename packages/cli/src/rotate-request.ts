/** requestOf: what the flags of keyturn rotate ask for. */
import { readPlanId, type RotateRequest } from 'keyturn/rotation'
import type { RingDesk } from './desk/ring-desk.ts'
import type { GlobalFlags, Output } from './output.ts'
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

export function requestOf(flags: RotateFlags, desk: RingDesk): Omit<RotateRequest, 'reason'> {
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
    ...(desk.settings && { limits: desk.limits }),
    ...(desk.settings?.algorithm && { alg: desk.settings.algorithm }),
  }
}

/** Ctrl-C says what stays true. */
export async function interruptible<Result>(
  output: Output,
  desks: readonly Pick<RingDesk, 'interruption'>[],
  work: () => Promise<Result>,
): Promise<Result> {
  const stop = (): void => {
    const said = new Set(desks.map(desk => desk.interruption()).filter(each => each !== undefined))
    for (const text of said) output.warn(text)
    if (said.size > 0) process.exit(130)
    // Nothing to be said: it ends as it would without this.
    process.kill(process.pid, 'SIGINT')
  }
  process.once('SIGINT', stop)
  try {
    return await work()
  } finally {
    process.off('SIGINT', stop)
  }
}
