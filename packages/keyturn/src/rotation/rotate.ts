/** rotate: stage, gate, activate, confirm. Each step is one compare-and-swap. */
import { RingError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import type { Operation, RingDocument } from '../ring/document.ts'
import { activeKey, stagedKey } from '../ring/keys.ts'
import { begin, stage } from '../ring/stage.ts'
import { generateSecret } from '../secret/generate.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'
import { change, readRing } from './change.ts'
import { randomId, type RotationContext } from './context.ts'
import { withController } from './controller.ts'
import { finish, groundsOf, type Outcome } from './finish.ts'
import { countingInstances, fleetOf } from './fleet.ts'
import { planRotation } from './plan.ts'
import { refuseRegressed } from './regression.ts'
import type { RotateRequest, WaitRequest } from './request.ts'
import { resumeDead } from './resume.ts'

/**
 * Rotates the ring. Returns when every live instance has acknowledged the final generation.
 * @throws {RingError} ERR_RING_RESUMED when a dead controller's operation had to be finished first,
 *   ERR_RING_OPERATION, ERR_RING_RETIRING, ERR_RING_NO_INSTANCES, ERR_RING_FULL, ERR_RING_PLAN, ERR_RING_EDITED,
 *   ERR_RING_CONFLICT when another rotation was faster,
 *   ERR_GATE_TIMEOUT (nothing changed), ERR_CONFIRM_TIMEOUT (changed; says who lags)
 */
export async function rotate(context: RotationContext, request: RotateRequest): Promise<Outcome> {
  await resumeDead(context, request)
  const { document } = await readRing(context.store)
  return withController(context, document, async controller => {
    const staged = await stageRotation(context, request, controller)
    return finish(context, staged, request)
  })
}

/** Publishes the new key and records the operation. */
export async function stageRotation(
  context: RotationContext,
  request: RotateRequest,
  controller: string,
): Promise<RingDocument> {
  const secret = new Secret(generateSecret())
  const kid = kidOf(secret.reveal())
  await refuseRegressed(context)
  await refuseEmpty(context, request)
  const signing = activeKey((await readRing(context.store)).document).kid
  failpoint('rotate.before-stage')
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: 'rotate.stage', mode: request.mode },
    secrets: new Map([[kid, secret]]),
    apply: (before, now) => {
      refuseOvertaken(before, signing)
      planRotation(before, request, now)
      const imported = stagedKey(before)
      const operation = operationOf(before, request, imported?.kid ?? kid, controller, now)
      if (imported) return begin(before, operation, request.limits)
      return stage(
        before,
        { kid, alg: request.alg ?? activeKey(before).alg, createdAt: now },
        {
          operation,
          ...(request.limits && { limits: request.limits }),
          ...(request.force && { force: true }),
        },
      )
    },
  })
  failpoint('rotate.after-stage')
  const name = document.operation?.kid ?? kid
  context.report?.({ type: 'staged', document, kid: name })
  await context.afterChange?.('stage', document)
  return document
}

/** Of two commands at once, the slower one must not rotate again. @throws {RingError} ERR_RING_CONFLICT */
function refuseOvertaken(document: RingDocument, signing: string): void {
  const { kid } = activeKey(document)
  if (kid === signing) return
  throw new RingError(
    'ERR_RING_CONFLICT',
    `another rotation was faster: ${kid} signs since generation ${document.generation}; nothing was started`,
  )
}

function operationOf(
  document: RingDocument,
  request: RotateRequest,
  kid: string,
  controller: string,
  now: number,
): Operation {
  const limits = request.limits ?? document.limits
  return {
    id: request.operation ?? randomId(),
    mode: request.mode,
    phase: 'gate',
    kid,
    startedAt: now,
    ...groundsOf(request),
    grace: request.grace ?? limits.grace,
    hold: limits.hold,
    controller,
    ...(request.noFleet && { noFleet: true }),
  }
}

/** Without instances nobody can acknowledge. @throws {RingError} ERR_RING_NO_INSTANCES */
export async function refuseEmpty(context: RotationContext, wait: WaitRequest): Promise<void> {
  if (wait.noFleet) return
  const ring = await readRing(context.store)
  const fleet = await fleetOf(ring, context.leases, await context.store.now())
  if (countingInstances(fleet).length > 0) return
  throw new RingError(
    'ERR_RING_NO_INSTANCES',
    `no instance holds ${ring.document.ring}: nobody could acknowledge a new key`,
  )
}
