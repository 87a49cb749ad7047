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

export interface RotateAllOptions {
  readonly keepGoing?: boolean
  /**
   * Asked once, when every gate is open. What it throws leaves all as it stands, staged and not dropped: somebody else
   * decides then.
   */
  readonly beforeActivation?: () => Promise<void>
  /** Told of each end after activation at once; the others are told by the result, when what was staged is dropped. */
  readonly onEnd?: (end: MemberOutcome) => void
}

/**
 * One failure before activation drops everything that was staged, unless `keepGoing`.
 * @returns how each ended, in the order given
 */
export async function rotateAll(
  members: readonly Member[],
  options: RotateAllOptions = {},
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
    if (!mustStop()) await waitAtGates(going(), staged, { ...options, fail })
    if (mustStop()) return abortAll(members, staged, ends)
    try {
      await options.beforeActivation?.()
    } catch (error) {
      for (const { name } of going()) fail(name, error)
      return
    }
    await Promise.all(
      going().map(async member => {
        const end = await activateMember(member, staged.get(member.name))
        ends.set(member.name, end)
        options.onEnd?.(end)
      }),
    )
  })
  return members.map(({ name }) => ends.get(name) ?? { name })
}

/** Why nobody needs to wait at the gates of the others any more. */
const dropped = new KeyturnError('ERR_RING_GATE_SHUT', 'dropped: another environment failed')
/** Milliseconds between two looks at a gate that was open. */
const lookAgain = 200

/** Until all are open at once: an environment that somebody drops or kills meanwhile ends it for the others as well. */
async function waitAtGates(
  members: readonly Member[],
  staged: ReadonlyMap<string, RingDocument>,
  options: { readonly fail: (name: string, error: unknown) => void; readonly keepGoing?: boolean },
): Promise<void> {
  const shut = new Set(members.map(({ name }) => name))
  const over = new AbortController()
  const open = (name: string): void => {
    shut.delete(name)
    if (shut.size === 0) over.abort()
  }
  const watch = async ({ name, context, request }: Member): Promise<void> => {
    const { clock } = context
    const deadline = clock.monotonic() + (request.timeout ?? defaultTimeout)
    const id = staged.get(name)?.operation?.id ?? ''
    const wait = { signal: over.signal, ...(request.noFleet && { noFleet: true }) }
    for (;;) {
      await waitForGate(context, id, { ...wait, deadline })
      open(name)
      do {
        await clock.sleep(lookAgain)
        if (over.signal.aborted) return
      } while (await isOpen(() => waitForGate(context, id, { ...wait, deadline: -Infinity })))
      shut.add(name)
    }
  }
  await Promise.all(
    members.map(async member => {
      try {
        await watch(member)
      } catch (error) {
        if (error === over.signal.reason) return
        options.fail(member.name, error)
        if (options.keepGoing) open(member.name)
        else over.abort(dropped)
      }
    }),
  )
}

/** @param look one look at a gate */
async function isOpen(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look()
    return true
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'ERR_GATE_TIMEOUT') return false
    throw error
  }
}

/** The gate was open a moment ago; a joiner may have shut it since, so it is asked once more. */
async function activateMember(
  { name, context, request }: Member,
  staged: RingDocument | undefined,
): Promise<MemberOutcome> {
  try {
    const id = staged?.operation?.id ?? ''
    const document = await activateWhenOpen(context, id, request, request.noFleet === true)
    return { name, outcome: await follow(context, document, request) }
  } catch (error) {
    return { name, error }
  }
}

async function abortAll(
  members: readonly Member[],
  staged: ReadonlyMap<string, RingDocument>,
  ends: Map<string, MemberOutcome>,
): Promise<void> {
  for (const { name, context } of members) {
    const operation = staged.get(name)?.operation?.id
    if (operation === undefined) continue
    try {
      const { document } = await readRing(context.store)
      if (document.operation?.id === operation)
        await abortOperation(context, { reason: 'another environment failed', operation })
    } catch (error) {
      // The others are dropped all the same. What is still staged matters more than why it should not be.
      ends.set(name, { name, error })
    }
    if (!ends.has(name)) ends.set(name, { name, error: dropped })
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
