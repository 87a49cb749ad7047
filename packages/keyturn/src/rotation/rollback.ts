/** rollback: the rotation before is taken back, with a gate unless every instance holds the key still. */
import { RingError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { refuseOperation } from '../ring/stage.ts'
import { rollbackActivate, rollbackPublish, rollbackTarget } from '../ring/rollback.ts'
import { change, readRing } from './change.ts'
import { randomId, type RotationContext } from './context.ts'
import { withController } from './controller.ts'
import { planRollback } from './plan.ts'
import { refuseRegressed } from './regression.ts'
import type { RollbackRequest } from './request.ts'
import { resumeDead } from './resume.ts'
import { finish, follow, groundsOf, type Outcome } from './finish.ts'
import { refuseEmpty } from './rotate.ts'

/**
 * Rolls back. Old tokens and sessions work again, and those who logged in between stay in.
 * @throws {RingError} ERR_RING_OPERATION, ERR_RING_RESUMED, ERR_RING_NO_UNDO, ERR_RING_TARGET,
 *   ERR_RING_KEY_COMPROMISED, ERR_RING_NO_INSTANCES, ERR_GATE_TIMEOUT, ERR_CONFIRM_TIMEOUT
 */
export async function rollback(context: RotationContext, request: RollbackRequest): Promise<Outcome> {
  const { document } = await readRing(context.store)
  // A rotation that got stuck is dropped with --abort; finishing it first would be the opposite of what is wanted.
  if (document.operation?.mode === 'rollback') await resumeDead(context, request)
  else refuseOperation(document)
  await refuseRegressed(context)
  const now = Math.floor((await context.store.now()) / 1000)
  if (rollbackTarget(document, now, request.to).held) return direct(context, request)

  await refuseEmpty(context, request)
  return withController(context, document, async controller => {
    failpoint('rollback.before-publish')
    const { document: published } = await change(context, {
      deed: { ...groundsOf(request), action: 'rollback.publish', mode: 'rollback' },
      apply: (before, at) => {
        planRollback(before, request, at)
        const target = rollbackTarget(before, at, request.to)
        const { grace, hold } = before.limits
        return rollbackPublish(before, target, {
          id: request.operation ?? randomId(),
          mode: 'rollback',
          phase: 'gate',
          kid: target.key.kid,
          startedAt: at,
          ...groundsOf(request),
          grace,
          hold,
          controller,
          ...(request.noFleet && { noFleet: true }),
        })
      },
    })
    failpoint('rollback.after-publish')
    context.report?.({ type: 'staged', document: published, kid: published.operation?.kid ?? '' })
    await context.afterChange?.('stage', published)
    return finish(context, published, request)
  })
}

/** Every instance verifies with the key still, so it can sign at once. */
async function direct(context: RotationContext, request: RollbackRequest): Promise<Outcome> {
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: 'rollback.activate', mode: 'rollback' },
    apply: (before, now) => {
      planRollback(before, request, now)
      const target = rollbackTarget(before, now, request.to)
      // Another rollback was faster: this one's target is further back now, and not every instance holds it.
      if (!target.held) throw new RingError('ERR_RING_CONFLICT', 'the ring has moved; look at keyturn status')
      return rollbackActivate(before, {
        kid: target.key.kid,
        undoes: target.undoes,
        now,
        grace: before.limits.grace,
      })
    },
  })
  failpoint('rotate.after-activate')
  return follow(context, document, request)
}
