/** rotateEverywhere: every environment of the configuration, all or none. */
import { KeyturnError } from 'keyturn'
import { rotateAll, type RotateRequest } from 'keyturn/rotation'
import { FileDesk } from './desk/file-desk.ts'
import { allDesks, type Desk } from './desk/open-desk.ts'
import type { Output } from './output.ts'
import { showPlan } from './plan-text.ts'
import { progressOf } from './progress.ts'
import { interruptible, requestOf, type RotateFlags } from './rotate-request.ts'
import { refuseShared } from './shared-kids.ts'
import { reasonOf, timeoutOf, usageError } from './usage.ts'

interface Member {
  readonly desk: Desk
  readonly name: string
  readonly request: Omit<RotateRequest, 'reason'>
}

/** How one environment ended. */
interface End {
  readonly name: string
  readonly rotated?: { readonly kid: string; readonly generation: number }
  readonly error?: unknown
}

export async function rotateEverywhere(flags: RotateFlags, output: Output): Promise<void> {
  if ([flags.environment, flags.file, flags.hub, flags.ring].some(each => each !== undefined))
    throw usageError('--all-environments goes without -e, --file, --hub and --ring')
  const desks = await allDesks(flags, output)
  refuseSeparate(desks, flags)
  if (!flags.force && flags.mode === 'graceful') await refuseShared(desks, desks)
  const members = desks.map(desk => ({
    desk,
    name: desk.environment ?? desk.ring,
    request: requestOf(flags, desk),
  }))
  if (flags.dryRun) {
    for (const { desk, request } of members)
      showPlan(output, await desk.planRotation(request), ` -e ${desk.environment ?? ''}`)
    if (flags.exitCode) process.exitCode = 10
    return
  }
  const reason = await reasonOf(flags.reason)
  const ends = await interruptible(output, desks, () => rotateEach(members, reason, flags, output))
  show(output, ends, flags)
}

/** The stage of one ring and the activation of another lie in different hands. */
function refuseSeparate(desks: readonly Desk[], { keepGoing }: RotateFlags): void {
  const ofHub = desks.filter(({ kind }) => kind === 'hub').map(({ environment, ring }) => environment ?? ring)
  if (ofHub.length === 0 || keepGoing) return
  throw usageError(
    `a hub rotates each ring by itself (${ofHub.join(', ')}), so all or none cannot be promised: add --keep-going, or rotate one after the other with -e`,
  )
}

async function rotateEach(
  members: readonly Member[],
  reason: string,
  flags: RotateFlags,
  output: Output,
): Promise<readonly End[]> {
  const timeout = timeoutOf(flags)
  const ofFiles = members.flatMap(({ desk, name, request }) =>
    desk instanceof FileDesk
      ? [
          {
            name,
            context: desk.rotationContext(progressOf(output, name), timeout),
            request: { ...request, reason },
          },
        ]
      : [],
  )
  const [fileEnds, hubEnds] = await Promise.all([
    rotateAll(ofFiles, { ...(flags.keepGoing && { keepGoing: true }) }),
    Promise.all(
      members
        .filter(({ desk }) => desk.kind === 'hub')
        .map(async ({ desk, name, request }): Promise<End> => {
          try {
            return { name, rotated: await desk.rotate({ ...request, reason }, progressOf(output, name)) }
          } catch (error) {
            return { name, error }
          }
        }),
    ),
  ])
  const ends: readonly End[] = [
    ...fileEnds.map(({ name, outcome, error }) => ({
      name,
      error,
      ...(outcome && { rotated: { kid: outcome.kid, generation: outcome.ring.document.generation } }),
    })),
    ...hubEnds,
  ]
  return members.map(({ name }) => ends.find(each => each.name === name) ?? { name })
}

function show(output: Output, ends: readonly End[], { keepGoing }: RotateFlags): void {
  for (const { name, rotated, error } of ends) {
    if (rotated)
      output.line(`${output.mark('ok')} ${name}: ${rotated.kid} signs, generation ${rotated.generation}`)
    else
      output.line(`${output.mark('fail')} ${name}: ${error instanceof Error ? error.message : 'not started'}`)
  }
  output.document('rotate-all', {
    environments: ends.map(({ name, rotated, error }) => ({
      name,
      rotated: rotated !== undefined,
      generation: rotated?.generation ?? null,
      code: error instanceof KeyturnError ? error.code : null,
    })),
  })
  const first = ends.find(
    ({ error }) => error instanceof KeyturnError && error.code !== 'ERR_RING_GATE_SHUT',
  )?.error
  const failed = first ?? ends.find(({ error }) => error !== undefined)?.error
  if (failed === undefined) return
  process.exitCode = failed instanceof KeyturnError ? failed.exitCode : 1
  if (!keepGoing) output.warn('nothing was activated anywhere: one environment failed')
}
