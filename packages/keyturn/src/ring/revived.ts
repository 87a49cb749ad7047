/** compromisedIn, revivedKids: keys that the trail calls compromised, and those that a restored backup brought back. */
import type { AuditEntry, RingDocument } from './document.ts'

/** Kids that became compromised, by a trail that anybody may have written to. */
export const compromisedIn = (ring: string, entries: readonly AuditEntry[]): readonly string[] => [
  ...new Set(
    entries
      .filter(entry => entry.ring === ring && Array.isArray(entry.keys))
      .flatMap(entry => entry.keys.flatMap(([kid, , to]) => (to === 'compromised' ? [kid] : []))),
  ),
]

/** Kids of such keys. A compromised key never comes back, whoever put it there. */
export function revivedKids(document: RingDocument, entries: readonly AuditEntry[]): readonly string[] {
  const dead = new Set(compromisedIn(document.ring, entries))
  return document.keys.filter(key => key.state !== 'compromised' && dead.has(key.kid)).map(key => key.kid)
}
