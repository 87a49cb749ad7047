/** keyLife, mayDo: the steps of a key's life, and what can be done with it now. */
import { isPast, lastTokenEnds, rollbackTarget, type RingDocument, type RingKey } from 'keyturn/ring'
import type { AuditTrail } from '../api/answers.ts'

type Entry = AuditTrail['entries'][number]

export interface LifeStep {
  readonly entry: Entry
  readonly from: string
  readonly to: string
}

/** The oldest first. */
export const keyLife = (entries: readonly Entry[], kid: string): readonly LifeStep[] =>
  entries.flatMap(entry =>
    entry.keys.filter(([each]) => each === kid).map(([, from, to]) => ({ entry, from, to })),
  )

export interface Possible {
  readonly rollback: boolean
  readonly retire: boolean
  /** Epoch seconds: tokens can be valid until then; `unknown` for one from before adoption; null for never again. */
  readonly outstanding: number | 'unknown' | null
  readonly destroy: boolean
  readonly emergency: boolean
}

/** @param now epoch seconds */
export function mayDo(document: RingDocument, key: RingKey, now: number): Possible {
  const isIdle = document.operation === null
  const ends = key.state === 'retiring' ? lastTokenEnds(document, key) : undefined
  return {
    rollback: canRollBack(document, key.kid, now),
    retire: key.state === 'retiring',
    outstanding: ends === undefined ? 'unknown' : isPast(ends, now) ? null : ends,
    destroy: isIdle && (key.state === 'staged' || key.state === 'suspended'),
    emergency: key.state !== 'compromised',
  }
}

function canRollBack(document: RingDocument, kid: string, now: number): boolean {
  try {
    rollbackTarget(document, now, kid)
    return true
  } catch {
    return false
  }
}
