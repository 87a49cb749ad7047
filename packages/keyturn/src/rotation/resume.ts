/** resume, abortOperation: an operation whose controller died is finished as recorded, or dropped. */
import { RingError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { advance } from '../ring/advance.ts'
import type { RingDocument } from '../ring/document.ts'
import { refuseOperation, abort } from '../ring/stage.ts'
import { change, readRing } from './change.ts'
import type { Grounds, RotationContext } from './context.ts'
import { isControllerAlive, withController } from './controller.ts'
import { refuseRegressed } from './regression.ts'
import type { WaitRequest } from './request.ts'
import { finish, follow, groundsOf, type Outcome } from './finish.ts'

/**
 * Finishes a dead controller's operation, and then refuses: what was asked for has not been started.
 * @throws {RingError} ERR_RING_OPERATION when its controller is alive, ERR_RING_RESUMED when it was finished
 */
export async function resumeDead(context: RotationContext, wait: WaitRequest): Promise<void> {
  const { document } = await readRing(context.store)
  if (!document.operation) return
  if (await isControllerAlive(context, document)) refuseOperation(document)
  const { mode } = document.operation
  const { kid } = await resume(context, wait)
  throw new RingError(
    'ERR_RING_RESUMED',
    `an unfinished ${mode} operation was finished first, as recorded: ${kid} signs now; your command was not started`,
  )
}

/**
 * Takes over and finishes the operation as recorded. Without one, waits until every live instance holds the
 * newest generation.
 * @throws {RingError} ERR_RING_OPERATION when its controller is alive, ERR_RING_REGRESSED, ERR_GATE_TIMEOUT,
 *   ERR_CONFIRM_TIMEOUT
 */
export async function resume(context: RotationContext, wait: WaitRequest): Promise<Outcome> {
  const { document } = await readRing(context.store)
  if (!document.operation) return follow(context, document, wait)
  return withController(context, document, async controller => {
    const taken = await takeOver(context, document, controller)
    context.report?.({ type: 'resumed', document: taken })
    await context.afterChange?.('stage', taken)
    return finish(context, taken, wait)
  })
}

/** Of two that would take over, the swap lets one win. */
async function takeOver(
  context: RotationContext,
  seen: RingDocument,
  controller: string,
): Promise<RingDocument> {
  await refuseRegressed(context)
  const alive = await isControllerAlive(context, seen)
  const { document } = await change(context, {
    deed: {
      action: `${seen.operation?.mode === 'rollback' ? 'rollback' : 'rotate'}.resume`,
      ...(seen.operation && { mode: seen.operation.mode, ...groundsOf(seen.operation) }),
      reason: seen.operation?.reason ?? '',
    },
    apply: before => {
      const running = before.operation
      if (!running || running.id !== seen.operation?.id)
        throw new RingError('ERR_RING_CONFLICT', 'the operation was finished or dropped by somebody else')
      if (alive || running.controller !== seen.operation.controller) refuseOperation(before)
      return advance(before, { operation: { ...running, controller } })
    },
  })
  failpoint('resume.taken-over')
  return document
}

/** What is to be dropped: one operation, where that matters, or whatever is staged. */
export interface AbortRequest extends Grounds {
  readonly operation?: string
}

/**
 * Drops what is staged, whoever runs it.
 * @throws {RingError} ERR_RING_REGRESSED, ERR_RING_NOTHING_STAGED; ERR_RING_CONFLICT when another operation is staged
 *   than the one named
 */
export async function abortOperation(
  context: RotationContext,
  { operation, ...grounds }: AbortRequest,
): Promise<RingDocument> {
  await refuseRegressed(context)
  const { document } = await change(context, {
    deed: { ...grounds, action: 'rotate.abort' },
    apply: before => {
      if (operation !== undefined && before.operation?.id !== operation)
        throw new RingError('ERR_RING_CONFLICT', `the operation ${operation} was finished or dropped already`)
      return abort(before)
    },
  })
  await context.afterChange?.('stage', document)
  return document
}
