/** Rings to test with: whole documents without a byte, and rings with real secrets. */
import type { Ring } from '../src/ports/ring-store.ts'
import { create, emptyDocument } from '../src/ring/adopt.ts'
import { defaultLimits, type Operation, type RingDocument, type RingKey } from '../src/ring/document.ts'
import { findKey } from '../src/ring/keys.ts'
import type { NewKey } from '../src/ring/stage.ts'
import { generateSecret } from '../src/secret/generate.ts'
import { kidOf } from '../src/secret/kid.ts'
import { Secret } from '../src/secret/secret.ts'

/** Some moment, epoch seconds. */
export const now = 1_800_000_000
export const hour = 3600
export const limits = defaultLimits

/** A key that enters a ring. */
export const newKey = (kid: string, createdAt: number = now): NewKey => ({ kid, alg: 'HS256', createdAt })

/** A key in that state, with nothing but what the state needs. */
export const key = (kid: string, state: RingKey['state'], more: Partial<RingKey> = {}): RingKey => ({
  kid,
  state,
  alg: 'HS256',
  createdAt: now - 100 * hour,
  ...more,
})

/** A document at generation 10 with these keys. */
export const documentOf = (keys: readonly RingKey[], more: Partial<RingDocument> = {}): RingDocument => ({
  ...emptyDocument('immonow/production', limits, keys),
  generation: 10,
  ...more,
})

/** An operation that waits at the gate. */
export const operationOf = (kid: string, more: Partial<Operation> = {}): Operation => ({
  id: 'operation-1',
  mode: 'graceful',
  phase: 'gate',
  kid,
  startedAt: now,
  reason: 'a test',
  grace: limits.grace,
  hold: limits.hold,
  controller: 'controller-1',
  ...more,
})

/** States by kid. A key that is gone is `destroyed`. */
export const statesOf = (document: RingDocument, ...kids: readonly string[]): readonly string[] =>
  kids.map(kid => findKey(document, kid)?.state ?? 'destroyed')

/** A secret with the kid that is computed from it. */
export function freshSecret(): { readonly kid: string; readonly secret: Secret } {
  const secret = new Secret(generateSecret())
  return { kid: kidOf(secret.reveal()), secret }
}

/** A ring at generation 1 whose one key is active. @param at epoch seconds */
export function freshRing(at: number = now, name = 'immonow/production'): Ring {
  const { kid, secret } = freshSecret()
  return { document: create(name, limits, newKey(kid, at), at), secrets: new Map([[kid, secret]]) }
}
