/** sqlAuditLog: the trail of a ring in the database. Entries are written with the ring, in one transaction. */
import { AuditChain, type AuditNote, type AuditTrail } from 'keyturn/ports'
import { canonicalJson, type AuditEntry } from 'keyturn/ring'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'

/** The whole trail, with what is wrong in it: form, order, and the hash chain. */
export async function readTrail({ db, name }: Database, ring: string): Promise<AuditTrail> {
  const rows = await db
    .selectFrom('audit')
    .select('entry')
    .where('ring', '=', ring)
    .orderBy('epoch')
    .orderBy('generation')
    .execute()
    .catch((error: unknown) => {
      throw asDatabaseError(error, name)
    })
  const entries: AuditEntry[] = []
  const notes: AuditNote[] = []
  const chain = new AuditChain()
  rows.forEach(({ entry: text }, index) => {
    const line = index + 1
    const entry = parse(text)
    if (!entry) return void notes.push({ severity: 'broken', line, message: 'is not an audit entry' })
    if (canonicalJson(entry) !== text)
      notes.push({ severity: 'broken', line, message: 'is not in canonical form' })
    notes.push(...chain.next(entry, line))
    entries.push(entry)
  })
  return { entries, notes }
}

function parse(text: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(text) as AuditEntry | null
    return Number.isSafeInteger(entry?.generation) ? (entry ?? undefined) : undefined
  } catch {
    return undefined
  }
}
