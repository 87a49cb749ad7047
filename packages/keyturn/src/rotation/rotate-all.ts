/** rotateAll: several environments at once. All are staged; all are activated only when every gate is open. */
import { KeyturnError } from '../errors.ts'
import type { RingDocument } from '../ring/document.ts'
import { readRing } from './change.ts'
import type { RotationContext } from './context.ts'
import { withController } from './controller.ts'
import { activateWhenOpen, follow, type Outcome } from './finish.ts'
import { waitForGate } from './gate.ts'
import { defaultTimeout, type RotateRequest } from './request.ts'
import { abortOperation, resumeDead } from './resume.ts'
import { stageRotation } from './rotate.ts'

/** One ring of several. */
export interface Member {
  readonly name: string
  readonly context: RotationContext
  readonly request: RotateRequest
}

export interface MemberOutcome {
  readonly name: string
  readonly outcome?: Outcome
  readonly error?: unknown
}

/**
 * One failure before activation drops everything that was staged, unless `keepGoing`.
 * @returns how each ended, in the order given
 */
export async function rotateAll(
  members: readonly Member[],
  options: { keepGoing?: boolean } = {},
): Promise<readonly MemberOutcome[]> {
  const ends = new Map<string, MemberOutcome>()
  const fail = (name: string, error: unknown): void => void ends.set(name, { name, error })
  const going = (): readonly Member[] => members.filter(({ name }) => !ends.has(name))
  const mustStop = (): boolean => ends.size > 0 && !options.keepGoing

  const staged = new Map<string, RingDocument>()
  await withControllers(members, async controllers => {
    for (const { name, context, request } of members) {
      if (mustStop()) break
      try {
        await resumeDead(context, request)
        staged.set(name, await stageRotation(context, request, controllers.get(name) ?? ''))
      } catch (error) {
        fail(name, error)
      }
    }
    if (!mustStop()) await Promise.all(going().map(each => waitOrFail(each, staged, fail)))
    if (mustStop()) return abortAll(members, staged, ends)
    await Promise.all(
      going().map(async ({ name, context, request }) => {
        try {
          const document = await activateMember(context, staged.get(name), request)
          ends.set(name, { name, outcome: await follow(context, document, request) })
        } catch (error) {
          fail(name, error)
        }
      }),
    )
  })
  return members.map(({ name }) => ends.get(name) ?? { name })
}

async function waitOrFail(
  { name, context, request }: Member,
  staged: ReadonlyMap<string, RingDocument>,
  fail: (name: string, error: unknown) => void,
): Promise<void> {
  const deadline = context.clock.monotonic() + (request.timeout ?? defaultTimeout)
  const id = staged.get(name)?.operation?.id ?? ''
  try {
    await waitForGate(context, id, { deadline, ...(request.noFleet && { noFleet: true }) })
  } catch (error) {
    fail(name, error)
  }
}

/** The gate was open a moment ago; a joiner may have shut it since, so it is asked once more. */
async function activateMember(
  context: RotationContext,
  staged: RingDocument | undefined,
  request: RotateRequest,
): Promise<RingDocument> {
  return activateWhenOpen(context, staged?.operation?.id ?? '', request, request.noFleet === true)
}

async function abortAll(
  members: readonly Member[],
  staged: ReadonlyMap<string, RingDocument>,
  ends: Map<string, MemberOutcome>,
): Promise<void> {
  for (const { name, context } of members) {
    if (!staged.has(name)) continue
    try {
      const { document } = await readRing(context.store)
      if (document.operation?.id === staged.get(name)?.operation?.id)
        await abortOperation(context, { reason: 'another environment failed' })
    } catch (error) {
      // The others are dropped all the same.
      if (!ends.has(name)) ends.set(name, { name, error })
    }
    if (!ends.has(name))
      ends.set(name, {
        name,
        error: new KeyturnError('ERR_RING_GATE_SHUT', 'dropped: another environment failed'),
      })
  }
}

async function withControllers(
  members: readonly Member[],
  action: (controllers: ReadonlyMap<string, string>) => Promise<void>,
  controllers: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const next = members[controllers.size]
  if (!next) return action(controllers)
  const { document } = await readRing(next.context.store)
  await withController(next.context, document, id =>
    withControllers(members, action, new Map([...controllers, [next.name, id]])),
  )
}
