/** The step from one generation to the next, and what it moved. */
import { RingError } from '../errors.ts'
import { findKey } from './keys.ts'
import { hasBytes, maxKeys, type RingDocument, type Undo } from './document.ts'

/** What a verb may change. Nonce, parent and audit entry are sealed in by whoever commits. */
export type Change = Partial<
  Pick<RingDocument, 'keys' | 'cutoff' | 'floor' | 'limits' | 'operation' | 'undo'>
>

/** The next generation. */
export function advance(document: RingDocument, change: Change): RingDocument {
  const next = { ...document, ...change, generation: document.generation + 1 }
  return { ...next, undo: withoutLostTargets(next) }
}

/** A record whose target is gone cannot be taken back, and nothing lies behind it. */
function withoutLostTargets(document: RingDocument): readonly Undo[] {
  const first = document.undo.findIndex(record => {
    const target = findKey(document, record.from)
    return target !== undefined && target.state !== 'compromised'
  })
  return first < 0 ? [] : document.undo.slice(first)
}

/** Keys that changed state, as kid, from, to. New keys come from `new`, keys that left go to `destroyed`. */
export function movesBetween(
  before: RingDocument,
  after: RingDocument,
): readonly (readonly [kid: string, from: string, to: string])[] {
  const moves: (readonly [string, string, string])[] = []
  for (const key of before.keys) {
    const to = after.keys.find(each => each.kid === key.kid)?.state ?? 'destroyed'
    if (to !== key.state) moves.push([key.kid, key.state, to])
  }
  for (const key of after.keys) {
    if (!before.keys.some(each => each.kid === key.kid)) moves.push([key.kid, 'new', key.state])
  }
  return moves
}

/** Refuses a document that breaks an invariant. @throws {RingError} ERR_RING_INVALID */
export function assertSound(document: RingDocument): void {
  const fail = (what: string): never => {
    throw new RingError('ERR_RING_INVALID', `the ring ${document.ring} ${what}`)
  }
  const count = (state: string): number => document.keys.filter(key => key.state === state).length
  if (count('active') !== 1) fail(`has ${count('active')} active keys, not one`)
  if (count('staged') > 1) fail(`has ${count('staged')} staged keys`)
  if (document.keys.filter(hasBytes).length > maxKeys) fail(`holds more than ${maxKeys} keys`)
  if (document.cutoff < document.floor) fail('has a cutoff below its floor')
  const names = document.keys.flatMap(key => [key.kid, ...(key.aliases ?? [])])
  if (new Set(names).size !== names.length) fail('names two keys alike')
  if (document.keys.some(key => key.legacy && (key.state === 'active' || key.state === 'staged')))
    fail('would sign with a legacy key')
  if (document.keys.some(key => key.bytesLost && key.state !== 'suspended'))
    fail('would use a key whose bytes are lost')
  if (
    document.operation &&
    document.keys.find(key => key.kid === document.operation?.kid)?.state !== 'staged'
  )
    fail('has an operation without its staged key')
}
