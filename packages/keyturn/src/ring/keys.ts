/** Looking keys up in a document. */
import { RingError } from '../errors.ts'
import { hasBytes, type RingDocument, type RingKey } from './document.ts'

/** The key of that kid or alias, if the ring has it. */
export const findKey = (document: RingDocument, kid: string): RingKey | undefined =>
  document.keys.find(key => key.kid === kid) ?? document.keys.find(key => key.aliases?.includes(kid))

/** The key of that kid or alias. @throws {RingError} ERR_RING_KEY_NOT_FOUND */
export function getKey(document: RingDocument, kid: string): RingKey {
  const key = findKey(document, kid)
  if (!key) throw new RingError('ERR_RING_KEY_NOT_FOUND', `the ring ${document.ring} has no key ${kid}`)
  return key
}

/** The active key. @throws {RingError} ERR_RING_INVALID */
export function activeKey(document: RingDocument): RingKey {
  const key = document.keys.find(each => each.state === 'active')
  if (!key) throw new RingError('ERR_RING_INVALID', `the ring ${document.ring} has no active key`)
  return key
}

/** The staged key, if there is one. */
export const stagedKey = (document: RingDocument): RingKey | undefined =>
  document.keys.find(key => key.state === 'staged')

/** Keys whose bytes the store must keep. */
export const keysWithBytes = (document: RingDocument): readonly RingKey[] => document.keys.filter(hasBytes)

/** Whether the key verifies tokens at that time (epoch seconds). */
export const verifiesAt = (key: RingKey, now: number): boolean =>
  key.state === 'active' ||
  key.state === 'staged' ||
  (key.state === 'retiring' && !isPast(key.verifyUntil, now))

/** Keys whose time has passed: dead at once, their bytes due to be erased. */
export const dueKeys = (document: RingDocument, now: number): readonly RingKey[] =>
  document.keys.filter(
    key =>
      (key.state === 'retiring' && isPast(key.verifyUntil, now)) ||
      (key.state === 'suspended' && isPast(key.holdUntil, now)),
  )

/** Whether a moment has come. A key without one, set by hand, has no end. */
export const isPast = (moment: number | undefined, now: number): boolean =>
  moment !== undefined && moment <= now
