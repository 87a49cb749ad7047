/** SessionStamp, isEnded: which login sessions a rotation has ended. */
import type { RingDocument } from '../ring/document.ts'
import { findKey } from '../ring/keys.ts'

/** What a login session stores, to be asked about later. */
export interface SessionStamp {
  /** The ring's generation at the login. */
  readonly generation: number
  /** The key that signed then. */
  readonly kid: string
}

/** True for a session older than the cutoff, and for one whose secret was replaced by hand in a ring without a record. */
export function isEnded(document: RingDocument, stamp: SessionStamp): boolean {
  if (stamp.generation < document.cutoff) return true
  return document.generation === 0 && findKey(document, stamp.kid) === undefined
}
