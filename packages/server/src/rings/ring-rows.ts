/** A ring as a row: sealed when it is written, opened when it is read. */
import { KeyturnError, RingError, type Secret } from 'keyturn'
import { hashOf, type Ring } from 'keyturn/ports'
import { canonicalJson, hasBytes, parseDocument } from 'keyturn/ring'
import type { RingRow } from '../database/schema.ts'
import type { SealedPlace, Sealer } from '../sealing/sealer.ts'

/** What identifies a state of a ring. */
export interface RingState {
  readonly epoch: number
  readonly generation: number
  readonly hash: string
}

/** A ring, with its state and whether changes halt. */
export interface HeldRing {
  readonly ring: Ring
  readonly state: RingState
  readonly halted: string | null
}

type Row = Omit<RingRow, 'changed_at' | 'halted'>

/** The row of a ring. Every key is sealed anew, since each is bound to the generation. */
export function rowOf({ document, secrets }: Ring, sealer: Sealer): Row {
  const { ring, epoch, generation } = document
  const sealed = document.keys.filter(hasBytes).map(key => {
    const secret = secrets.get(key.kid)
    if (!secret) throw new RingError('ERR_RING_INVALID', `the bytes of the key ${key.kid} are missing`)
    return [key.kid, sealer.seal(secret, placeOf(document, key))] as const
  })
  return {
    name: ring,
    epoch,
    generation,
    hash: hashOf(document),
    document: canonicalJson(document),
    secrets: JSON.stringify(Object.fromEntries(sealed)),
  }
}

/**
 * The ring of a row.
 * @throws {RingError} ERR_RING_INVALID
 * @throws {KeyturnError} ERR_HUB_SEAL, ERR_HUB_MASTER_KEY
 */
export function ringOf(row: Row, sealer: Sealer): Ring {
  let document
  let sealed: Readonly<Record<string, string>>
  try {
    document = parseDocument(JSON.parse(row.document))
    sealed = JSON.parse(row.secrets) as Record<string, string>
  } catch (error) {
    if (error instanceof KeyturnError) throw error
    throw new RingError('ERR_RING_INVALID', `the row of the ring ${row.name} cannot be read`)
  }
  // The columns are what a swap compares; a document that says otherwise was put there by somebody else.
  if (document.ring !== row.name || hashOf(document) !== row.hash)
    throw new KeyturnError('ERR_HUB_SEAL', `the document of ${row.name} is not the one that was written`)
  const secrets = new Map<string, Secret>()
  for (const key of document.keys.filter(hasBytes)) {
    const text = sealed[key.kid]
    if (text === undefined)
      throw new KeyturnError('ERR_HUB_SEAL', `the key ${key.kid} of ${row.name} has lost its bytes`)
    secrets.set(key.kid, sealer.open(text, placeOf(document, key)))
  }
  return { document, secrets }
}

const placeOf = (
  { ring, epoch, generation }: Ring['document'],
  { kid, state }: Ring['document']['keys'][number],
): SealedPlace => ({ ring, kid, state, epoch, generation })
