/** newEpoch: a ring goes on after its store was set back to an older state. */
import { advance } from './advance.ts'
import { hasBytes, type RingDocument, type RingKey } from './document.ts'
import { activeKey, findKey } from './keys.ts'
import { isKid } from './parse.ts'
import { withoutStaged, type NewKey } from './stage.ts'
import { toActive, toCompromised } from './transition.ts'

export interface NewEpochOptions {
  /** The newest epoch and generation that anybody has seen. */
  readonly seen: { readonly epoch: number; readonly generation: number }
  /** Kids that are compromised, whatever the restored ring says of them. */
  readonly compromised: readonly string[]
  /** The key that signs, should the active one be compromised. */
  readonly fresh: NewKey
  /** Epoch seconds. */
  readonly now: number
}

/**
 * One generation past everything that was seen, in an epoch of its own, so that every instance takes it. Compromised
 * kids are carried over, also those that the restored ring does not know. What happened between the backup and now is
 * not known: with a compromised key in it, login sessions end for good; an operation and the rotations that could
 * be rolled back are dropped.
 */
export function newEpoch(document: RingDocument, options: NewEpochOptions): RingDocument {
  const { seen, compromised, fresh, now } = options
  const generation = Math.max(document.generation, seen.generation) + 1
  // What no key can be called would make a document that nobody can read.
  const dead = compromised.filter(kid => isKid(kid) && findKey(document, kid)?.state !== 'compromised')
  const { alg } = activeKey(document)
  // Before the staged key is dropped: it may be one of them.
  const keys = document.keys.map(key => (dead.includes(key.kid) ? toCompromised(key, now) : key))
  const carried = withoutStaged({ ...document, keys })
  const unknown = dead
    .filter(kid => !findKey(document, kid))
    .map((kid): RingKey => ({ kid, state: 'compromised', alg, createdAt: null }))
  const signs = carried.some(key => key.state === 'active' && hasBytes(key))
  const next = advance(document, {
    keys: [...carried, ...unknown, ...(signs ? [] : [toActive({ ...fresh, state: 'staged' }, now)])],
    operation: null,
    undo: [],
    ...(dead.length > 0 && { cutoff: generation, floor: generation }),
  })
  return { ...next, epoch: Math.max(document.epoch, seen.epoch) + 1, generation }
}
