/** change: read, apply a verb, seal, compare-and-swap; again if somebody else was first. */
import { randomBytes, randomInt } from 'node:crypto'
import { RingError, StoreError } from '../errors.ts'
import { expectedOf, hashOf } from '../ports/hash.ts'
import type { Ring, RingStore } from '../ports/ring-store.ts'
import { assertSound, movesBetween } from '../ring/advance.ts'
import { bounded } from '../ring/adopt.ts'
import type { AuditEntry, RingDocument } from '../ring/document.ts'
import { withoutDue } from '../ring/retire.ts'
import type { Secret } from '../secret/secret.ts'
import type { Grounds, RotationContext } from './context.ts'
import { refuseHalfCharacters } from './well-formed.ts'

/** What a change is called in the audit trail. */
export interface Deed extends Grounds {
  readonly action: string
  readonly mode?: NonNullable<AuditEntry['mode']>
}

export interface Step {
  readonly deed: Deed
  /** The verb. The same document means that nothing is to be done. @param now epoch seconds */
  readonly apply: (document: RingDocument, now: number, ring: Ring) => RingDocument
  /** Bytes of keys that enter the ring. */
  readonly secrets?: ReadonlyMap<string, Secret>
  /** A change that takes over what was edited by hand. Default: such a ring is refused. */
  readonly adoptsEdit?: boolean
}

const mostTries = 20

/** The ring. @throws {StoreError} ERR_STORE_MISSING */
export async function readRing(store: RingStore): Promise<Ring> {
  const ring = await store.read()
  if (!ring) throw new StoreError('ERR_STORE_MISSING', `${store.name} holds no ring`)
  return ring
}

/**
 * One generation further. The verb sees the newest document each time, so that it can refuse what no longer fits.
 * @throws {RingError} ERR_RING_EDITED, ERR_RING_CONFLICT after many tries, and what the verb throws
 */
export async function change(context: RotationContext, step: Step): Promise<Ring> {
  let refusal: unknown
  const apply: Step['apply'] = (document, now, ring) => {
    try {
      return step.apply(document, now, ring)
    } catch (error) {
      refusal = error
      throw error
    }
  }
  for (let tries = 1; ; tries += 1) {
    try {
      return await changeOnce(context, await readRing(context.store), { ...step, apply })
    } catch (error) {
      if (error === refusal || !isConflict(error) || tries >= mostTries) throw error
      await context.clock.sleep(randomInt(5, 10 + 10 * tries))
    }
  }
}

/** The same against a ring that was read already: fails when it is not the newest any more. */
export async function changeOnce(context: RotationContext, ring: Ring, step: Step): Promise<Ring> {
  const { store } = context
  if (ring.edited && !step.adoptsEdit)
    throw new RingError(
      'ERR_RING_EDITED',
      `${store.name} was edited by hand since generation ${ring.document.generation}`,
    )
  const milliseconds = await store.now()
  const now = Math.floor(milliseconds / 1000)
  // Bytes past their time go with whatever is written next.
  const base = withoutDue(bounded(ring.document, now), now)
  const applied = step.apply(base, now, ring)
  if (applied === base) return ring
  const document = sealed(ring.document, applied, step.deed, context.actor, milliseconds)
  assertSound(document)
  const next: Ring = { document, secrets: new Map([...ring.secrets, ...(step.secrets ?? [])]) }
  await store.compareAndSwap(expectedOf(ring.document), ring.edited ? { ...next, edited: ring.edited } : next)
  return next
}

export const isConflict = (error: unknown): boolean =>
  error instanceof RingError && error.code === 'ERR_RING_CONFLICT'

/** Gives a generation its nonce, its parent's hash and its audit entry. @throws {RingError} ERR_REQUEST_INVALID */
export function sealed(
  before: RingDocument,
  after: RingDocument,
  deed: Deed,
  actor: string,
  milliseconds: number,
): RingDocument {
  const entry: AuditEntry = {
    v: 1,
    ring: after.ring,
    epoch: after.epoch,
    generation: after.generation,
    at: new Date(milliseconds).toISOString(),
    action: deed.action,
    ...(deed.mode && { mode: deed.mode }),
    actor,
    reason: deed.reason,
    ...(deed.cause && { cause: deed.cause }),
    keys: movesBetween(before, after),
    cutoff: after.cutoff,
    prev: before.audit ? hashOf(before.audit) : '',
  }
  refuseHalfCharacters(entry, after.keys)
  return {
    ...after,
    nonce: randomBytes(16).toString('base64url'),
    parent: before.generation === 0 ? '' : hashOf(before),
    audit: entry,
  }
}
