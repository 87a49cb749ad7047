/** rollback: the newest rotation that is not undone yet is taken back. */
import { RingError } from '../errors.ts'
import { advance } from './advance.ts'
import type { Operation, RingDocument, RingKey, Undo } from './document.ts'
import { findKey, isPast } from './keys.ts'
import { refuseOperation } from './stage.ts'
import { toActive, toRetiring, toStaged } from './transition.ts'

/** Where a rollback leads. */
export interface RollbackTarget {
  readonly key: RingKey
  /** How many records it takes back. */
  readonly undoes: number
  /** Every instance is known to hold the key, so that stage and gate can be skipped. */
  readonly held: boolean
}

/**
 * The key that a rollback leads to.
 * @param to a kid further back. Default: the key before the newest rotation.
 * @throws {RingError} ERR_RING_OPERATION, ERR_RING_NO_UNDO, ERR_RING_TARGET, ERR_RING_KEY_COMPROMISED, ERR_RING_KEY_ACTIVE
 */
export function rollbackTarget(document: RingDocument, now: number, to?: string): RollbackTarget {
  refuseOperation(document)
  const kid = to === undefined ? document.undo.at(-1)?.from : (findKey(document, to)?.kid ?? to)
  const named = kid === undefined ? undefined : findKey(document, kid)
  if (named?.state === 'compromised') throw compromised(named.kid)
  if (kid === undefined) throw nothingToUndo(document)
  if (named?.state === 'active')
    throw new RingError('ERR_RING_KEY_ACTIVE', `the key ${kid} is active already`)
  const index = document.undo.findLastIndex(record => record.from === kid)
  if (!named)
    throw new RingError(
      'ERR_RING_TARGET',
      `the key ${kid} is destroyed: its time to be rolled back to has passed`,
    )
  if (index < 0)
    throw new RingError('ERR_RING_TARGET', `no rotation away from the key ${kid} is left to roll back`)
  if (named.legacy)
    throw new RingError('ERR_RING_TARGET', `the key ${kid} is a legacy key and can never sign`)
  if (named.bytesLost)
    throw new RingError(
      'ERR_RING_TARGET',
      `the key ${kid} was replaced by hand: paste its value back into the file and restart`,
    )
  if (isPast(named.state === 'suspended' ? named.holdUntil : named.verifyUntil, now))
    throw new RingError(
      'ERR_RING_TARGET',
      `the time in which the key ${kid} could be rolled back to has passed`,
    )
  const { maxStale, tolerance } = document.limits
  // A key that came back is known to whoever has heard of its store since; the others have stopped by then.
  const isKnown = named.restoredAt === undefined || now - named.restoredAt > maxStale
  const isLasting = (named.verifyUntil ?? Infinity) - now >= maxStale + tolerance
  const held = named.state === 'retiring' && isKnown && isLasting
  return { key: named, undoes: document.undo.length - index, held }
}

const compromised = (kid: string): RingError =>
  new RingError('ERR_RING_KEY_COMPROMISED', `the key ${kid} is compromised and can never sign again`)

function nothingToUndo(document: RingDocument): RingError {
  const dead = document.keys.filter(key => key.state === 'compromised').at(-1)
  return dead
    ? compromised(dead.kid)
    : new RingError('ERR_RING_NO_UNDO', `${document.ring} has no rotation to roll back`)
}

/** Publishes the target: it verifies everywhere before it signs. Another staged key is destroyed. */
export function rollbackPublish(
  document: RingDocument,
  target: RollbackTarget,
  operation: Operation,
): RingDocument {
  const { state, verifyUntil, restoredAt, holdUntil } = target.key
  const former = {
    state,
    ...(verifyUntil !== undefined && { verifyUntil }),
    ...(restoredAt !== undefined && { restoredAt }),
    ...(holdUntil !== undefined && { holdUntil }),
  }
  return advance(document, {
    keys: document.keys.flatMap(key => {
      if (key.kid === target.key.kid) return [toStaged(key)]
      return key.state === 'staged' ? [] : [key]
    }),
    operation: { ...operation, kid: target.key.kid, former, undoes: target.undoes },
  })
}

export interface RollbackOptions {
  readonly kid: string
  readonly undoes: number
  /** Epoch seconds. */
  readonly now: number
  /** Seconds that the key it takes away from signing keeps verifying. */
  readonly grace: number
}

/**
 * The target signs again. The key that signed until now retires, so that its tokens live on; suspended keys
 * get the states from before the undone rotations; the cutoff is the remembered one, never below the floor.
 */
export function rollbackActivate(document: RingDocument, options: RollbackOptions): RingDocument {
  const { kid, undoes, now, grace } = options
  const undone = document.undo.slice(document.undo.length - undoes)
  const first = undone[0]
  const move = (key: RingKey): RingKey[] => {
    if (key.kid === kid) return [toActive(key, now)]
    if (key.state === 'active') return [toRetiring(key, now, now + grace)]
    return key.state === 'suspended' ? restore(key, undone, now, grace) : [key]
  }
  return advance(document, {
    keys: document.keys.flatMap(move),
    operation: null,
    undo: document.undo.slice(0, document.undo.length - undoes),
    cutoff: Math.max(first ? first.cutoff : document.cutoff, document.floor),
  })
}

/**
 * A suspended key as the undone rotations found it: retiring, or active and so retiring from now on. What expired
 * meanwhile is destroyed. A key that no undone rotation suspended was taken out on purpose, and stays.
 */
function restore(key: RingKey, undone: readonly Undo[], now: number, grace: number): RingKey[] {
  if (key.bytesLost) return [key]
  const suspensions = undone.filter(({ mode }) => mode === 'hard')
  const retiring = suspensions.flatMap(record => record.retiring).findLast(([kid]) => kid === key.kid)
  if (retiring) return retiring[1] > now ? [{ ...toRetiring(key, now, retiring[1]), restoredAt: now }] : []
  const wasActive = suspensions.some(record => record.from === key.kid)
  return wasActive ? [{ ...toRetiring(key, now, now + grace), restoredAt: now }] : [key]
}
