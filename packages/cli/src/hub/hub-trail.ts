/** hubTrail: the whole audit trail of a ring, and what is wrong in it by this command's own sums. */
import { AuditChain, type AuditNote, type AuditTrail } from 'keyturn/ports'
import type { AuditEntry } from 'keyturn/ring'
import { recordIn } from './hub-answers.ts'
import type { HubClient } from './hub-client.ts'

const page = 500

/** @throws what the hub refuses */
export async function hubTrail(client: HubClient, ring: string): Promise<AuditTrail> {
  const entries: AuditEntry[] = []
  const notes: AuditNote[] = []
  for (;;) {
    const last = entries.at(-1)
    const query = { limit: page, ...(last && { after: last.generation }) }
    const body = recordIn(await client.get(['rings', ring, 'audit'], { query }), client.host)
    const found = Array.isArray(body['entries']) ? (body['entries'] as AuditEntry[]) : []
    if (last === undefined && Array.isArray(body['notes'])) notes.push(...(body['notes'] as AuditNote[]))
    entries.push(...found)
    if (found.length < page) break
  }
  const own = chainNotes(entries)
  const others = notes.filter(
    note => !own.some(each => each.line === note.line && each.severity === note.severity),
  )
  return { entries, notes: [...own, ...others].sort((one, other) => one.line - other.line) }
}

/** The hub's own word is not taken for it: each entry names the hash of the one before. */
function chainNotes(entries: readonly AuditEntry[]): readonly AuditNote[] {
  const chain = new AuditChain()
  return entries.flatMap((entry, index) => chain.next(entry, index + 1))
}
