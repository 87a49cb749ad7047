/** emergency: a key leaked. Refused by nothing, and supersedes what runs. */
import { advance } from './advance.ts'
import type { RingDocument, RingKey } from './document.ts'
import { activeKey, findKey, getKey } from './keys.ts'
import { newEpoch, type NewEpochOptions } from './new-epoch.ts'
import { withoutStaged, type NewKey } from './stage.ts'
import { toActive, toCompromised } from './transition.ts'

export interface EmergencyOptions {
  /** The key that signs from now on. Not used when `kid` names a key that is not active. */
  readonly fresh: NewKey
  /** Epoch seconds. */
  readonly now: number
  /** Only this key is compromised. Default: every key that has bytes. */
  readonly kid?: string
  /** With `kid`: login sessions stay. */
  readonly keepSessions?: boolean
  /** Where the store was set back: what others have seen, and the kids that they know to be compromised. */
  readonly restored?: Pick<NewEpochOptions, 'seen' | 'compromised'>
}

/**
 * Everything that has bytes becomes compromised and a fresh key signs at once; login sessions end, and no
 * rollback brings them back. With `kid`, only that key; a key that is compromised already changes nothing.
 * In a ring that was set back nobody knows what else is live: everything in it dies, also with `kid`, and so does a
 * named key that it does not know. Its generation comes after everything that was seen, in an epoch of its own.
 * @throws {RingError} ERR_RING_KEY_NOT_FOUND
 */
export function emergency(document: RingDocument, options: EmergencyOptions): RingDocument {
  const { fresh, now } = options
  const generation = document.generation + 1
  if (options.restored) {
    const { seen, compromised } = options.restored
    const named = options.kid === undefined ? [] : [findKey(document, options.kid)?.kid ?? options.kid]
    const dead = [...document.keys.map(({ kid }) => kid), ...named, ...compromised]
    return newEpoch(document, { seen, compromised: [...new Set(dead)], fresh, now })
  }
  if (options.kid === undefined) {
    return advance(document, {
      keys: [
        ...document.keys.map(key => (key.state === 'compromised' ? key : toCompromised(key, now))),
        signing(fresh, now),
      ],
      operation: null,
      undo: [],
      cutoff: generation,
      floor: generation,
    })
  }

  const named = getKey(document, options.kid)
  if (named.state === 'compromised') return document
  const rollback = document.operation?.mode === 'rollback' && named.state !== 'staged'
  const keys = (rollback ? withoutStaged(document) : document.keys).map(key =>
    key.kid === named.kid ? toCompromised(key, now) : key,
  )
  return advance(document, {
    keys: activeKey(document).kid === named.kid ? [...keys, signing(fresh, now)] : keys,
    operation: null,
    ...(!options.keepSessions && { cutoff: generation, floor: generation }),
  })
}

const signing = (fresh: NewKey, now: number): RingKey => toActive({ ...fresh, state: 'staged' }, now)
