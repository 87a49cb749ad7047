/** Rings made by the real verbs, sealed as a writer seals them, at a fixed time. */
import type { Ring } from '../src/ports/ring-store.ts'
import { activate } from '../src/ring/activate.ts'
import { adoptLegacy, create, emptyDocument } from '../src/ring/adopt.ts'
import { defaultLimits, type RingDocument } from '../src/ring/document.ts'
import { stage, type NewKey } from '../src/ring/stage.ts'
import { sealed, type Deed } from '../src/rotation/change.ts'
import { generateSecret } from '../src/secret/generate.ts'
import { kidOf } from '../src/secret/kid.ts'
import { Secret } from '../src/secret/secret.ts'

/** When everything here happens, epoch seconds. */
export const now = 1_700_000_000
export const ringName = 'immonow/test'

export interface FreshKey {
  readonly key: NewKey
  readonly secret: Secret
}

/** A new secret, and the key it makes. */
export function freshKey(): FreshKey {
  const text = generateSecret()
  return { key: { kid: kidOf(text), alg: 'HS256', createdAt: now }, secret: new Secret(text) }
}

/** The ring one generation further. */
export function changed(
  ring: Ring,
  verb: (document: RingDocument) => RingDocument,
  options: { deed?: Partial<Deed>; fresh?: FreshKey } = {},
): Ring {
  const { fresh } = options
  const deed = { action: 'test', reason: 'a test', ...options.deed }
  const document = sealed(ring.document, verb(ring.document), deed, 'tester@host', now * 1000)
  const secrets = new Map(ring.secrets)
  if (fresh) secrets.set(fresh.key.kid, fresh.secret)
  return { document, secrets }
}

/** Generation 1: one active key. */
export function firstRing(deed?: Partial<Deed>): Ring {
  const fresh = freshKey()
  const empty: Ring = { document: emptyDocument(ringName, defaultLimits), secrets: new Map() }
  return changed(empty, () => create(ringName, defaultLimits, fresh.key, now), {
    fresh,
    ...(deed && { deed }),
  })
}

/** One generation further: a staged key. */
export function stagedRing(ring: Ring): Ring {
  const fresh = freshKey()
  return changed(ring, document => stage(document, fresh.key), { fresh })
}

/** Two generations further: a new active key. */
export const rotatedRing = (ring: Ring, mode: 'graceful' | 'hard' = 'graceful'): Ring =>
  changed(stagedRing(ring), document => activate(document, { mode, now, grace: 172_800, hold: 172_800 }))

/** Generation 1: a weak secret verifies, a fresh one signs. */
export function legacyRing(text: string): Ring {
  const kid = 'legacy-key-00001'
  const old = { kid: 'legacy', state: 'active', alg: 'HS256', createdAt: null } as const
  const empty: Ring = {
    document: emptyDocument(ringName, defaultLimits, [old]),
    secrets: new Map([[kid, new Secret(text)]]),
  }
  const fresh = freshKey()
  return changed(
    empty,
    document => adoptLegacy(document, { kid, fresh: fresh.key, limits: defaultLimits, now }),
    { fresh },
  )
}
