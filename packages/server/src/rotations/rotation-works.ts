/** What a rotation, a rollback and an emergency do, and how each outcome is shown. */
import { RingError } from 'keyturn'
import type { AuditEntry } from 'keyturn/ring'
import {
  emergency,
  follow,
  readRing,
  resume,
  rollback,
  rotate,
  type EmergencyOutcome,
  type EmergencyRequest,
  type Fleet,
  type Outcome,
  type RollbackRequest,
  type RotateRequest,
  type RotationContext,
} from 'keyturn/rotation'
import type { Work } from './rotation-run.ts'
import { missingOf, type RotationView, type TokenInUse, type ViewOutcome } from './rotation-view.ts'

export const rotationWork =
  (request: Omit<RotateRequest, 'operation'>): Work =>
  async (context, id) =>
    outcomeOf(await rotate(context, { ...request, operation: id }))

export const rollbackWork =
  (request: Omit<RollbackRequest, 'operation'>): Work =>
  async (context, id) => {
    const before = (await readRing(context.store)).document
    const outcome = outcomeOf(await rollback(context, { ...request, operation: id }))
    return { ...outcome, sessionsRestored: outcome.cutoff < before.cutoff }
  }

/** Finishes the operation as recorded. */
export const resumeWork =
  (wait: RotationView['wait']): Work =>
  async context =>
    outcomeOf(await resume(context, wait))

/** @param tokensInUse names the access tokens that work on this ring, and revokes them if that was asked for */
export const emergencyWork =
  (request: EmergencyRequest, tokensInUse: () => Promise<readonly TokenInUse[]>): Work =>
  async context => {
    const { kid } = request
    const { keys } = (await readRing(context.store)).document
    if (kid !== undefined && !keys.some(key => key.kid === kid))
      throw new RingError('ERR_RING_KEY_NOT_FOUND', `the ring has no key ${kid}`)
    // Whoever holds a leaked token must not learn the fresh key, so tokens go first.
    const tokens = await tokensInUse()
    return emergencyOutcomeOf(await emergency(context, request), tokens)
  }

/**
 * Goes on with what a replica left behind that is gone: finishes the operation, or waits for the confirmations that
 * it did not see, or says that nothing was changed.
 */
export const takeOverWork =
  (view: RotationView): Work =>
  async (context, id) => {
    const { document } = await readRing(context.store)
    let overtaken: RingError | undefined
    if (document.operation?.id === id)
      try {
        return outcomeOf(await resumeWhenFree(context, view))
      } catch (error) {
        // A replica that only stood still may have gone on, and been first.
        if (!(error instanceof RingError) || error.code !== 'ERR_RING_CONFLICT') throw error
        overtaken = error
      }
    const entries = (await context.trail?.())?.entries ?? []
    const kid = document.operation?.id === id ? document.operation.kid : view.kid
    const done = entries.find(entry => isEndOf(entry, { ...view, kid }))
    if (!done && overtaken) throw overtaken
    if (!done)
      throw new RingError(
        'ERR_RING_CONFLICT',
        view.kid === null
          ? `the replica ${view.replica} ended before anything was changed; ask again`
          : `it was dropped or overtaken; the ring is at generation ${document.generation}`,
      )
    // What is under way by now is somebody else's: only the confirmations of this one are waited for.
    const { epoch, generation, cutoff, keys } = done
    const { fleet } = await follow(context, { ...document, epoch, generation }, view.wait)
    const [active] = keys.find(([, , to]) => to === 'active') ?? []
    return { generation, kid: active ?? view.kid ?? '', cutoff, acknowledged: acknowledgedIn(fleet) }
  }

/** The entry that made this rotation's key sign. */
function isEndOf(entry: AuditEntry, view: RotationView): boolean {
  if (Date.parse(entry.at) < Date.parse(view.startedAt)) return false
  const isAsked = entry.reason === view.reason && entry.actor === view.actor
  if (view.kind === 'emergency') return entry.mode === 'emergency' && isAsked
  if (entry.action !== (view.kind === 'rollback' ? 'rollback.activate' : 'rotate.activate')) return false
  // Killed between its change and the line in its record that names the key.
  if (view.kid === null) return isAsked
  return entry.keys.some(([kid, , to]) => kid === view.kid && to === 'active')
}

/** Milliseconds between two tries to take over from a controller whose lease has not lapsed. */
const patience = 1_000

async function resumeWhenFree(context: RotationContext, { wait }: RotationView): Promise<Outcome> {
  for (;;) {
    try {
      return await resume(context, wait)
    } catch (error) {
      if (!(error instanceof RingError) || error.code !== 'ERR_RING_OPERATION') throw error
      await context.clock.sleep(patience)
    }
  }
}

const acknowledgedIn = ({ instances }: Fleet): number =>
  instances.filter(({ standing }) => standing === 'acknowledged').length

export function outcomeOf({ ring, kid, fleet }: Outcome): ViewOutcome {
  const { generation, cutoff } = ring.document
  return { generation, kid, cutoff, acknowledged: acknowledgedIn(fleet) }
}

function emergencyOutcomeOf(outcome: EmergencyOutcome, tokens: readonly TokenInUse[]): ViewOutcome {
  const { document, kid, compromised, restored, fleet, unconfirmed } = outcome
  const now = Date.now()
  return {
    generation: document.generation,
    kid,
    cutoff: document.cutoff,
    acknowledged: acknowledgedIn(fleet),
    compromised,
    restored,
    unconfirmed: unconfirmed.map(each => ({
      ...missingOf(each, now),
      stopsBy: new Date(each.stopsBy).toISOString(),
    })),
    tokens,
  }
}
