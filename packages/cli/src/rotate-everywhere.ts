/** rotateEverywhere: every environment of the configuration, all or none. */
import { KeyturnError } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import { planRotation, readRing, rotateAll } from 'keyturn/rotation'
import type { Output } from './output.ts'
import { showPlan } from './plan-text.ts'
import { progressOf } from './progress.ts'
import { interruptible, requestOf, type RotateFlags } from './rotate-request.ts'
import { refuseShared } from './shared-kids.ts'
import { allTargets, contextOf } from './target.ts'
import { reasonOf, timeoutOf, usageError } from './usage.ts'

export async function rotateEverywhere(flags: RotateFlags, output: Output): Promise<void> {
  if (flags.environment !== undefined || flags.file !== undefined)
    throw usageError('--all-environments goes without -e and --file')
  const targets = allTargets(flags)
  if (!flags.force && flags.mode === 'graceful') await refuseShared(targets, targets)
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
