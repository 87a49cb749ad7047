/** startRotation, startEmergency, rotationNow: rotations begun and looked at, whoever asks: the API or a page. */
import { KeyturnError, RingError } from 'keyturn'
import type { Cause, Mode } from 'keyturn/ring'
import type { EmergencyRequest } from 'keyturn/rotation'
import type { z } from 'zod'
import { actorOf, type Principal } from '../access/principal.ts'
import type { Hub } from '../hub.ts'
import { refuseUndecided } from '../rotations/group-works.ts'
import { emergencyWork } from '../rotations/rotation-works.ts'
import type { Work } from '../rotations/rotation-run.ts'
import type { RotationView } from '../rotations/rotation-view.ts'
import { tokensInUse } from '../rotations/tokens-in-use.ts'
import { defined } from './defined.ts'
import { heldRing } from './fleet-view.ts'
import type { emergencyRequest } from './schemas.ts'

/** Who asks for what ring. */
export interface Asker {
  readonly hub: Hub
  readonly ring: string
  readonly principal: Principal
  /** With an Idempotency-Key: the same text for the same caller and key. */
  readonly once?: string | undefined
}

export interface RotationStart {
  readonly kind: RotationView['kind']
  readonly mode: Mode | 'rollback'
  readonly request: {
    readonly reason: string
    readonly cause?: Cause
    readonly timeout?: number
    readonly noFleet?: boolean
  }
  readonly work: Work
  /** Id of the operation that is gone on with. */
  readonly resumed?: string | undefined
}

/** @throws {RingError} ERR_RING_REGRESSED; what the work throws before anything has changed */
export async function startRotation(
  { hub, ring, principal, once }: Asker,
  { kind, mode, request, work, resumed }: RotationStart,
): Promise<RotationView> {
  const { rotations, records } = hub
  const { halted, ring: held } = await heldRing(hub, ring)
  if (halted !== null && kind !== 'emergency') throw new RingError('ERR_RING_REGRESSED', halted)
  if (kind !== 'emergency') await refuseUndecided(records, held.document)
  const { reason, cause, timeout, noFleet } = request
  const started = {
    kind,
    mode,
    ring,
    reason,
    ...(cause && { cause }),
    actor: actorOf(principal),
    wait: { ...(timeout !== undefined && { timeout }), ...(noFleet && { noFleet }) },
  }
  // The same request as before, whose replica was gone before it could answer: the rotation is there.
  const before = once === undefined ? undefined : await records.find(once)
  if (before) return before
  return resumed === undefined
    ? rotations.start(started, work, once)
    : rotations.resume(started, work, resumed)
}

/** @throws {KeyturnError} ERR_USAGE_CONFIRM; ERR_RING_KEY_NOT_FOUND, ERR_STORE_MISSING */
export async function startEmergency(
  asker: Asker,
  { confirm, revokeTokens, ...body }: z.infer<typeof emergencyRequest>,
): Promise<RotationView> {
  const { hub, ring, principal } = asker
  if (confirm !== ring) throw new KeyturnError('ERR_USAGE_CONFIRM', `confirm must be ${ring}`)
  const given = defined<EmergencyRequest>(body)
  const request = { ...given, cause: given.cause ?? ('compromised' as const) }
  const revoke = revokeTokens === true
  const tokens = () => tokensInUse(hub, { ring, actor: actorOf(principal), revoke })
  const work = emergencyWork(request, tokens)
  return startRotation(asker, { kind: 'emergency', mode: 'emergency', request, work })
}

/** How a rotation of this ring goes, as far as anybody knows. @throws {KeyturnError} ERR_ROTATION_NOT_FOUND */
export async function rotationNow(
  { rotations, records }: Hub,
  ring: string,
  id: string,
): Promise<RotationView> {
  const own = rotations.viewOf(id)
  // How it ended is what the record says: another replica may have taken over, and ended it otherwise.
  const view = own?.state === 'running' ? own : await records.find(id)
  if (view?.ring !== ring) throw new KeyturnError('ERR_ROTATION_NOT_FOUND', `no rotation has the id ${id}`)
  return view
}
