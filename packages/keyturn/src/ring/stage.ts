/** stage, begin, abort: a key that verifies before it signs. */
import { RingError } from '../errors.ts'
import { advance } from './advance.ts'
import {
  hasBytes,
  maxKeys,
  type Limits,
  type Operation,
  type RingDocument,
  type RingKey,
} from './document.ts'
import { findKey, stagedKey } from './keys.ts'

/** A key that enters the ring. */
export type NewKey = Pick<RingKey, 'kid' | 'alg' | 'createdAt' | 'aliases'>

export interface StageOptions {
  /** The operation that stages it; none for an import. */
  readonly operation?: Operation
  /** New durations of the ring, applied in the same generation. */
  readonly limits?: Limits
  /** In a full ring, destroy the oldest suspended key. */
  readonly force?: boolean
}

/**
 * Adds a key that verifies and does not sign yet.
 * @throws {RingError} ERR_RING_STAGED, ERR_RING_OPERATION, ERR_RING_FULL, ERR_RING_KEY_COMPROMISED, ERR_RING_KEY_EXISTS
 */
export function stage(document: RingDocument, key: NewKey, options: StageOptions = {}): RingDocument {
  refuseOperation(document)
  const staged = stagedKey(document)
  if (staged) throw new RingError('ERR_RING_STAGED', `the key ${staged.kid} is staged already`)
  const present = findKey(document, key.kid)
  if (present?.state === 'compromised')
    throw new RingError('ERR_RING_KEY_COMPROMISED', `the key ${key.kid} is compromised and never comes back`)
  if (present)
    throw new RingError('ERR_RING_KEY_EXISTS', `the key ${key.kid} is in the ring already: ${present.state}`)
  return advance(document, {
    keys: [...withRoom(document, options.force ?? false), { ...key, state: 'staged' }],
    operation: options.operation ?? null,
    ...(options.limits && { limits: options.limits }),
  })
}

function withRoom(document: RingDocument, force: boolean): readonly RingKey[] {
  if (document.keys.filter(hasBytes).length < maxKeys) return document.keys
  const oldest = document.keys
    .filter(key => key.state === 'suspended' && hasBytes(key))
    .sort((a, b) => (a.holdUntil ?? 0) - (b.holdUntil ?? 0))[0]
  if (!force || !oldest) {
    const advice = oldest ? '' : ', none of them suspended: wait until a retiring key is done'
    throw new RingError('ERR_RING_FULL', `the ring ${document.ring} holds ${maxKeys} keys${advice}`)
  }
  return document.keys.filter(key => key !== oldest)
}

/** Starts an operation for a key that was imported before. @throws {RingError} ERR_RING_OPERATION, ERR_RING_NOTHING_STAGED */
export function begin(document: RingDocument, operation: Operation, limits?: Limits): RingDocument {
  refuseOperation(document)
  if (!stagedKey(document)) throw new RingError('ERR_RING_NOTHING_STAGED')
  return advance(document, { operation, ...(limits && { limits }) })
}

/**
 * Drops what is staged: the key is destroyed, a rollback's target gets its former state back.
 * @throws {RingError} ERR_RING_NOTHING_STAGED
 */
export function abort(document: RingDocument): RingDocument {
  const staged = stagedKey(document)
  if (!staged) throw new RingError('ERR_RING_NOTHING_STAGED', `nothing is staged in ${document.ring}`)
  return advance(document, { keys: withoutStaged(document), operation: null })
}

/** The keys as they are when the staged one is dropped. */
export function withoutStaged(document: RingDocument): readonly RingKey[] {
  const former = document.operation?.former
  return document.keys.flatMap(key => {
    if (key.state !== 'staged') return [key]
    return former && key.kid === document.operation?.kid ? [{ ...key, ...former }] : []
  })
}

/** @throws {RingError} ERR_RING_OPERATION */
export function refuseOperation(document: RingDocument): void {
  const running = document.operation
  if (!running) return
  throw new RingError(
    'ERR_RING_OPERATION',
    `the ${running.mode} operation ${running.id} is running since generation ${document.generation}`,
  )
}
