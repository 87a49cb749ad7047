/** revivedKids: keys that the trail calls compromised and a restored backup brought back. */
import type { AuditEntry, RingDocument } from './document.ts'

/** Kids of such keys. A compromised key never comes back, whoever put it there. */
export function revivedKids(document: RingDocument, entries: readonly AuditEntry[]): readonly string[] {
  const dead = new Set(
    entries
      .filter(entry => entry.ring === document.ring)
      .flatMap(entry => entry.keys.flatMap(([kid, , to]) => (to === 'compromised' ? [kid] : []))),
  )
  return document.keys.filter(key => key.state !== 'compromised' && dead.has(key.kid)).map(key => key.kid)
}
