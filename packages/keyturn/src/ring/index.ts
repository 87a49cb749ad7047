/** Rings as pure data: the document, and one verb per change. Subpath `keyturn/ring`. */
export { activate, undoOf, type ActivateOptions } from './activate.ts'
export { adoptLegacy, bounded, create, emptyDocument, initialise, type LegacyOptions } from './adopt.ts'
export { advance, assertSound, movesBetween, type Change } from './advance.ts'
export {
  defaultLimits,
  hasBytes,
  maxKeys,
  type Algorithm,
  type AuditEntry,
  type Cause,
  type KeyState,
  type Limits,
  type Mode,
  type Operation,
  type RingDocument,
  type RingKey,
  type Undo,
} from './document.ts'
export { canonicalJson } from './canonical.ts'
export { emergency, type EmergencyOptions } from './emergency.ts'
export { activeKey, dueKeys, findKey, getKey, isPast, keysWithBytes, stagedKey, verifiesAt } from './keys.ts'
export { newEpoch, type NewEpochOptions } from './new-epoch.ts'
export { checkLimits } from './limits.ts'
export { parseDocument } from './parse.ts'
export { reconcile, type EditKind, type FoundKids, type Reconciled } from './reconcile.ts'
export { revivedKids } from './revived.ts'
export { destroy, expire, lastTokenEnds, retire, withoutDue } from './retire.ts'
export {
  rollbackActivate,
  rollbackPublish,
  rollbackTarget,
  type RollbackOptions,
  type RollbackTarget,
} from './rollback.ts'
export { abort, begin, stage, withoutStaged, type NewKey, type StageOptions } from './stage.ts'
