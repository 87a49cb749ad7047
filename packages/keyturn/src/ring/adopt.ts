/** create, initialise, adoptLegacy: how a ring begins. */
import { advance } from './advance.ts'
import type { Limits, RingDocument, RingKey } from './document.ts'
import { activeKey } from './keys.ts'
import type { NewKey } from './stage.ts'
import { toActive } from './transition.ts'

/** A ring that a person set by hand, at generation 0, or one that is still empty. */
export function emptyDocument(ring: string, limits: Limits, keys: readonly RingKey[] = []): RingDocument {
  return {
    v: 1,
    ring,
    epoch: 0,
    generation: 0,
    nonce: '',
    parent: '',
    cutoff: 0,
    floor: 0,
    limits,
    operation: null,
    undo: [],
    audit: null,
    keys,
  }
}

/** A ring's first generation, with a fresh key that signs. */
export const create = (ring: string, limits: Limits, fresh: NewKey, now: number): RingDocument =>
  advance(emptyDocument(ring, limits), { keys: [toActive({ ...fresh, state: 'staged' }, now)] })

/** Takes over what a person set by hand: from now on the document says what the values are. */
export const initialise = (document: RingDocument, limits: Limits): RingDocument =>
  advance(document, { limits })

export interface LegacyOptions {
  /** A random kid: the secret is too weak for one of its own. */
  readonly kid: string
  readonly fresh: NewKey
  /** Kids that tokens of the old secret bear. */
  readonly aliases?: readonly string[]
  readonly limits: Limits
  /** Epoch seconds. */
  readonly now: number
}

/** A secret that fails today's rules verifies until the grace ends; a fresh key signs. Nobody is signed out. */
export function adoptLegacy(document: RingDocument, options: LegacyOptions): RingDocument {
  const { kid, fresh, aliases, limits, now } = options
  const old = activeKey(document)
  const legacy: RingKey = {
    kid,
    alg: old.alg,
    createdAt: null,
    deactivatedAt: now,
    ...(aliases?.length && { aliases }),
    legacy: true,
    state: 'retiring',
    verifyUntil: now + limits.grace,
  }
  return advance(document, {
    limits,
    keys: [
      ...document.keys.map(key => (key === old ? legacy : key)),
      toActive({ ...fresh, state: 'staged' }, now),
    ],
  })
}

/** A ring set by hand has no ends for its old keys: from its first change on, the ordinary ones. */
export function bounded(document: RingDocument, now: number): RingDocument {
  if (document.generation > 0) return document
  const { grace, hold } = document.limits
  return {
    ...document,
    keys: document.keys.map(key => {
      if (key.state === 'retiring') return { ...key, verifyUntil: key.verifyUntil ?? now + grace }
      return key.state === 'suspended' ? { ...key, holdUntil: key.holdUntil ?? now + hold } : key
    }),
  }
}
