/** rotateEverywhere: every environment of the configuration, all or none. */
import { KeyturnError } from 'keyturn'
import { rotateAll, type RotateRequest } from 'keyturn/rotation'
import { FileDesk } from './desk/file-desk.ts'
import { allDesks, type Desk } from './desk/open-desk.ts'
import { HubDesk } from './hub/hub-desk.ts'
import { rotateApplication } from './hub/rotate-application.ts'
import type { Output } from './output.ts'
import { showPlan } from './plan-text.ts'
import { progressOf } from './progress.ts'
import { interruptible, requestOf, type RotateFlags } from './rotate-request.ts'
import { refuseShared } from './shared-kids.ts'
import { reasonOf, timeoutOf, usageError } from './usage.ts'

export interface Member<Kind extends Desk = Desk> {
  readonly desk: Kind
  readonly name: string
  readonly request: Omit<RotateRequest, 'reason'>
}

/** How one environment ended. */
export interface End {
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
  const isTogether = !flags.keepGoing && isOneApplication(desks)
  const ends = await interruptible(output, desks, () =>
    isTogether
      ? rotateApplication(ofHub(members), reason, output)
      : rotateEach(members, reason, flags, output),
  )
  show(output, ends, flags)
}

/** One hub rotates one application's rings together; elsewhere stage and activation lie in different hands. */
function refuseSeparate(desks: readonly Desk[], { keepGoing }: RotateFlags): void {
  const ofHub = desks.filter(({ kind }) => kind === 'hub').map(({ environment, ring }) => environment ?? ring)
  if (ofHub.length === 0 || keepGoing || isOneApplication(desks)) return
  throw usageError(
    `a hub rotates rings together that are of one application and its own (${ofHub.join(', ')}), so all or none cannot be promised here: add --keep-going, or rotate one after the other with -e`,
  )
}

function isOneApplication(desks: readonly Desk[]): desks is readonly HubDesk[] {
  const places = desks.map(desk =>
    desk instanceof HubDesk ? [desk.client.url, desk.ring.split('/')[0]].join('\n') : undefined,
  )
  return places[0] !== undefined && new Set(places).size === 1
}

const ofHub = (members: readonly Member[]): readonly Member<HubDesk>[] =>
  members.flatMap(({ desk, ...rest }) => (desk instanceof HubDesk ? [{ desk, ...rest }] : []))

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
  if (keepGoing) return
  output.warn(
    ends.some(({ rotated }) => rotated)
      ? 'every gate was open, and then one environment failed: keyturn status -e NAME says where it is'
      : 'nothing was activated anywhere: one environment failed',
  )
}
