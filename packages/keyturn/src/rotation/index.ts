/** Rotations over any store: plan, rotate, resume, roll back, kill. Subpath `keyturn/rotation`. */
export { adoptEdit, initRing, type InitOutcome, type InitRequest } from './adopt.ts'
export { beginEpoch, type EpochRequest } from './begin-epoch.ts'
export { change, readRing, type Deed, type Step } from './change.ts'
export type { ChangePhase, Grounds, RotationContext, RotationEvent } from './context.ts'
export { emergency, type EmergencyOutcome, type EmergencyRequest } from './emergency.ts'
export { eraseDue } from './erase.ts'
export { follow, type Outcome } from './finish.ts'
export {
  clockOffset,
  countingInstances,
  fleetOf,
  whyMissing,
  type Fleet,
  type FleetInstance,
  type InstanceStanding,
} from './fleet.ts'
export { destroyKey, forgetInstance, importKey, retireKey, type KeyRequest } from './key-verbs.ts'
export { planRollback, planRotation, readPlanId, type Plan } from './plan.ts'
export { isProvedDead, thisProcess } from '../process-identity.ts'
export { proofOf } from './proof.ts'
export { defaultTimeout, type RollbackRequest, type RotateRequest, type WaitRequest } from './request.ts'
export { abortOperation, resume, type AbortRequest } from './resume.ts'
export { rollback } from './rollback.ts'
export { rotate } from './rotate.ts'
export { rotateAll, type Member, type MemberOutcome, type RotateAllOptions } from './rotate-all.ts'
