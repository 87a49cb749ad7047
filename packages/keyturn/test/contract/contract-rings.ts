/** Rings to put into a store, sealed as a writer seals them. */
import { expect } from 'vitest'
import { expectedOf, hashOf } from '../../src/ports/hash.ts'
import type { Ring, RingStore } from '../../src/ports/ring-store.ts'
import { advance, assertSound } from '../../src/ring/advance.ts'
import { create, emptyDocument } from '../../src/ring/adopt.ts'
import { defaultLimits, hasBytes, maxKeys, type RingDocument, type RingKey } from '../../src/ring/document.ts'
import { sealed, type Deed } from '../../src/rotation/change.ts'
import { generateSecret } from '../../src/secret/generate.ts'
import { kidOf } from '../../src/secret/kid.ts'
import { Secret } from '../../src/secret/secret.ts'

export const ringName = 'immonow/contract'

/** What an empty store is expected to hold. */
export const nothing = { epoch: 0, generation: 0, hash: '' }

/** A reason as people write them, and as nobody does. */
export const oddReason = 'it\'s a "leak" – 50 % of $HOME\\\n\tclé 🔑 日本語 #1 <b>&amp; \u2028 %41'

const seconds = (): number => Math.floor(Date.now() / 1000)

/** Gives a change its seal, at this moment. */
export function sealedNow(before: RingDocument, after: RingDocument, deed: Partial<Deed> = {}): RingDocument {
  const document = sealed(
    before,
    after,
    { action: 'test', reason: 'a test', ...deed },
    'tester@host',
    Date.now(),
  )
  assertSound(document)
  return document
}

const empty = (): RingDocument => emptyDocument(ringName, defaultLimits)

/** Generation 1: one active key. */
export function firstRing(text: string = generateSecret()): Ring {
  const now = seconds()
  const made = create(ringName, defaultLimits, { kid: kidOf(text), alg: 'HS256', createdAt: now }, now)
  return { document: sealedNow(empty(), made), secrets: new Map([[kidOf(text), new Secret(text)]]) }
}

/** One generation further. @param keys instead of those that are there */
export function nextRing(ring: Ring, deed: Partial<Deed> = {}, keys?: readonly RingKey[]): Ring {
  const after = advance(ring.document, keys ? { keys } : {})
  return { document: sealedNow(ring.document, after, deed), secrets: ring.secrets }
}

/** A key with its text. */
export type HeldKey = readonly [key: RingKey, text: string]

export function heldKey(
  state: RingKey['state'],
  more: Partial<RingKey> = {},
  text: string = generateSecret(),
): HeldKey {
  const until = seconds() + defaultLimits.grace
  const ends =
    state === 'retiring' ? { verifyUntil: until } : state === 'suspended' ? { holdUntil: until } : {}
  return [{ kid: kidOf(text), state, alg: 'HS256', createdAt: seconds(), ...ends, ...more }, text]
}

/** Generation 1 with these keys. */
export function ringOf(
  held: readonly HeldKey[],
  more: Partial<RingDocument> = {},
  deed?: Partial<Deed>,
): Ring {
  const before = empty()
  const after = { ...before, generation: 1, ...more, keys: held.map(([key]) => key) }
  const secrets = new Map(
    held.filter(([key]) => hasBytes(key)).map(([key, text]) => [key.kid, new Secret(text)]),
  )
  return { document: sealedNow(before, after, deed), secrets }
}

/** As full as a ring can be, with something in every field. */
export function fullRing(): Ring {
  const staged = heldKey('staged', { alg: 'HS512' })
  const active = heldKey('active', { activatedAt: 1_700_000_000, aliases: ['main', 'key-2024'] })
  const legacy = heldKey(
    'retiring',
    { kid: 'legacy-key-00001', createdAt: null, legacy: true },
    'weak, yet in use',
  )
  const retiring = Array.from({ length: 14 }, () => heldKey('retiring', { deactivatedAt: 1_700_000_000 }))
  const room = maxKeys - 3 - retiring.length
  const suspended = Array.from({ length: room }, () => heldKey('suspended', { alg: 'HS384' }))
  const dead = Array.from({ length: 3 }, () => heldKey('compromised'))
  const lost = heldKey('suspended', { bytesLost: true })
  const [from] = retiring[0] ?? active
  const cause = 'access-holder-left'
  return ringOf(
    [active, staged, legacy, ...retiring, ...suspended, ...dead, lost],
    {
      cutoff: 7,
      floor: 3,
      limits: { maxTokenLife: 900, maxStale: 120, tolerance: 0, grace: 90_000, hold: 7200, lease: 5 },
      operation: {
        id: 'operation-1',
        mode: 'graceful',
        phase: 'gate',
        kid: staged[0].kid,
        startedAt: 1_700_000_000,
        reason: oddReason,
        cause,
        grace: 90_000,
        hold: 7200,
        controller: 'controller-1-ü',
        noFleet: true,
      },
      undo: [
        {
          generation: 5,
          mode: 'hard',
          from: from.kid,
          to: active[0].kid,
          cutoff: 2,
          retiring: [[from.kid, 1_800_000_000]],
        },
      ],
    },
    { action: 'rotate.stage', mode: 'graceful', reason: oddReason.repeat(60), cause },
  )
}

/** Puts the ring in place of another one, or of nothing. */
export async function put(store: RingStore, next: Ring, before?: Ring): Promise<Ring> {
  await store.compareAndSwap(before ? expectedOf(before.document) : nothing, next)
  return next
}

/** Expects the store to hold this ring, to the last byte, and to find it as it was written. */
export async function expectHeld(store: RingStore, ring: Ring): Promise<void> {
  const found = await store.read()
  expect(found?.document).toStrictEqual(ring.document)
  expect(found && hashOf(found.document)).toBe(hashOf(ring.document))
  expect(found && textsOf(found)).toStrictEqual(textsOf(ring))
  expect(found?.edited).toBeUndefined()
}

/** The texts by kid, in the order of the kids. */
export const textsOf = ({ secrets }: Ring): (readonly [kid: string, text: string])[] =>
  [...secrets].map(([kid, secret]) => [kid, secret.reveal()] as const).sort(([a], [b]) => (a < b ? -1 : 1))

/** The ring in the store. */
export async function held(store: RingStore): Promise<Ring> {
  const ring = await store.read()
  if (!ring) throw new Error(`${store.name} holds no ring`)
  return ring
}
