/** retire, destroy, expire: how a key leaves. */
import { RingError } from '../errors.ts'
import { advance } from './advance.ts'
import type { RingDocument, RingKey } from './document.ts'
import { dueKeys, getKey } from './keys.ts'
import { refuseOperation } from './stage.ts'
import { toSuspended } from './transition.ts'

/** When the last honest token of a retiring key has expired everywhere, epoch seconds; unknown for a key from before adoption. */
export function lastTokenEnds(document: RingDocument, key: RingKey): number | undefined {
  const { maxTokenLife, maxStale, tolerance } = document.limits
  if (key.legacy || key.createdAt === null || key.deactivatedAt === undefined) return key.verifyUntil
  return key.deactivatedAt + maxTokenLife + maxStale + tolerance
}

/**
 * Takes a retiring key out early: it is suspended.
 * @throws {RingError} ERR_RING_KEY_NOT_FOUND, ERR_RING_KEY_ACTIVE, ERR_RING_KEY_STATE, ERR_RING_KEY_OUTSTANDING
 */
export function retire(
  document: RingDocument,
  kid: string,
  options: { now: number; force?: boolean },
): RingDocument {
  const { now, force } = options
  const key = getKey(document, kid)
  if (key.state === 'active') throw new RingError('ERR_RING_KEY_ACTIVE', `the key ${key.kid} is active`)
  if (key.state !== 'retiring')
    throw new RingError('ERR_RING_KEY_STATE', `the key ${key.kid} is ${key.state}, not retiring`)
  const ends = lastTokenEnds(document, key)
  if (!force && (ends === undefined || ends > now)) {
    const until = ends === undefined ? 'for an unknown time' : `until ${new Date(ends * 1000).toISOString()}`
    throw new RingError('ERR_RING_KEY_OUTSTANDING', `tokens of the key ${key.kid} can be valid ${until}`)
  }
  return advance(document, {
    keys: document.keys.map(each =>
      each === key ? toSuspended(key, now, now + document.limits.hold) : each,
    ),
    // Taken out on purpose: a rollback must not bring it back.
    undo: document.undo.map(record => ({
      ...record,
      retiring: record.retiring.filter(([each]) => each !== key.kid),
    })),
  })
}

/**
 * Erases a staged or suspended key. A compromised one is erased already: nothing changes.
 * @throws {RingError} ERR_RING_OPERATION, ERR_RING_KEY_NOT_FOUND, ERR_RING_KEY_ACTIVE, ERR_RING_KEY_STATE
 */
export function destroy(document: RingDocument, kid: string): RingDocument {
  refuseOperation(document)
  const key = getKey(document, kid)
  if (key.state === 'compromised') return document
  if (key.state === 'active') throw new RingError('ERR_RING_KEY_ACTIVE', `the key ${key.kid} is active`)
  if (key.state === 'retiring')
    throw new RingError(
      'ERR_RING_KEY_STATE',
      `the key ${key.kid} is retiring: tokens depend on it; retire it first`,
    )
  return advance(document, { keys: document.keys.filter(each => each !== key) })
}

/** The document without keys past their time; the same one when nothing is due. */
export function withoutDue(document: RingDocument, now: number): RingDocument {
  const due = dueKeys(document, now)
  return due.length === 0 ? document : { ...document, keys: document.keys.filter(key => !due.includes(key)) }
}

/** Erases what is past its time; the same document when nothing is. */
export function expire(document: RingDocument, now: number): RingDocument {
  const kept = withoutDue(document, now)
  return kept === document ? document : advance(kept, {})
}
