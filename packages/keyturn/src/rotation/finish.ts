/** finish, follow: from a published key to the last confirmation. */
import { RingError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import type { Ring } from '../ports/ring-store.ts'
import { activate } from '../ring/activate.ts'
import type { RingDocument } from '../ring/document.ts'
import { activeKey } from '../ring/keys.ts'
import { rollbackActivate } from '../ring/rollback.ts'
import { changeOnce, isConflict, readRing, type Deed } from './change.ts'
import type { RotationContext } from './context.ts'
import type { Fleet } from './fleet.ts'
import { confirm, waitForGate } from './gate.ts'
import { defaultTimeout, type WaitRequest } from './request.ts'

/** How a rotation ended. */
export interface Outcome {
  readonly ring: Ring
  /** The key that signs now. */
  readonly kid: string
  readonly fleet: Fleet
}

/** From a published key to the end: gate, activate, confirm. */
export async function finish(
  context: RotationContext,
  staged: RingDocument,
  wait: WaitRequest,
): Promise<Outcome> {
  const id = staged.operation?.id ?? ''
  const document = await activateWhenOpen(
    context,
    id,
    wait,
    (staged.operation?.noFleet ?? wait.noFleet) === true,
  )
  return follow(context, document, wait)
}

/** Waits for the gate and activates against the very ring that the fleet acknowledged. */
export async function activateWhenOpen(
  context: RotationContext,
  operation: string,
  wait: WaitRequest,
  noFleet: boolean,
): Promise<RingDocument> {
  const deadline = context.clock.monotonic() + (wait.timeout ?? defaultTimeout)
  for (;;) {
    const ring = await waitForGate(context, operation, { deadline, noFleet })
    failpoint('rotate.gate-open')
    try {
      return await activateNow(context, ring)
    } catch (error) {
      // Somebody erased due bytes, say: the fleet has to acknowledge that generation first.
      if (!isConflict(error)) throw error
    }
  }
}

/** Activates what the operation staged, if the ring is still the one given. */
async function activateNow(context: RotationContext, ring: Ring): Promise<RingDocument> {
  const operation = ring.document.operation
  if (!operation) throw new RingError('ERR_RING_NOTHING_STAGED')
  const { mode, kid, grace, hold } = operation
  const action = mode === 'rollback' ? 'rollback.activate' : 'rotate.activate'
  const { document } = await changeOnce(context, ring, {
    deed: { ...groundsOf(operation), action, mode },
    apply: (before, now) =>
      mode === 'rollback'
        ? rollbackActivate(before, { kid, undoes: operation.undoes ?? 1, now, grace })
        : activate(before, { mode, now, grace, hold }),
  })
  failpoint('rotate.after-activate')
  return document
}

/**
 * Tells, runs `afterChange`, and waits until every live instance holds that generation or a later one.
 * @throws {RingError} ERR_CONFIRM_TIMEOUT, naming who lags
 */
export async function follow(
  context: RotationContext,
  document: RingDocument,
  wait: WaitRequest,
): Promise<Outcome> {
  const { kid } = activeKey(document)
  context.report?.({ type: 'activated', document, kid })
  await context.afterChange?.('activate', document)
  const deadline = context.clock.monotonic() + (wait.timeout ?? defaultTimeout)
  const fleet = await confirm(context, document, { deadline })
  failpoint('rotate.confirmed')
  return { ring: await readRing(context.store), kid, fleet }
}

export const groundsOf = ({
  reason,
  cause,
}: Pick<Deed, 'reason' | 'cause'>): Pick<Deed, 'reason' | 'cause'> => ({
  reason,
  ...(cause && { cause }),
})
