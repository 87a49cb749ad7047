/** knownBefore: what a database knows that a backup may not: how far rings were, and what is dead. */
import type { Lease } from 'keyturn/ports'
import type { AuditEntry, RingDocument } from 'keyturn/ring'
import type { Database } from './database/open-database.ts'
import type { AuditRow, TokenRow } from './database/schema.ts'

export interface RingBefore {
  /** The newest epoch and the newest generation that ring, trail or an instance knows. */
  epoch: number
  generation: number
  /** Kids. */
  readonly compromised: Set<string>
  readonly trail: AuditRow[]
}

export interface KnownBefore {
  readonly rings: ReadonlyMap<string, RingBefore>
  readonly revoked: readonly Pick<TokenRow, 'id' | 'revoked_at'>[]
}

/** Nobody counts this far: a number that an instance made up must not take the ring there. */
const mostCount = 2 ** 52

export async function knownBefore(db: Database['db']): Promise<KnownBefore> {
  const rings = new Map<string, RingBefore>()
  const see = (ring: string, epoch: number, generation: number): RingBefore => {
    const known = rings.get(ring) ?? { epoch: 0, generation: 0, compromised: new Set<string>(), trail: [] }
    rings.set(ring, known)
    if (epoch >= mostCount || generation >= mostCount) return known
    known.epoch = Math.max(known.epoch, epoch)
    known.generation = Math.max(known.generation, generation)
    return known
  }
  for (const row of await db.selectFrom('rings').selectAll().execute()) {
    const { keys } = JSON.parse(row.document) as RingDocument
    const known = see(row.name, row.epoch, row.generation)
    for (const { kid, state } of keys) if (state === 'compromised') known.compromised.add(kid)
  }
  for (const row of await db.selectFrom('audit').selectAll().execute()) {
    const known = see(row.ring, row.epoch, row.generation)
    known.trail.push(row)
    const { keys } = JSON.parse(row.entry) as AuditEntry
    for (const [kid, , state] of keys) if (state === 'compromised') known.compromised.add(kid)
  }
  for (const row of await db.selectFrom('leases').select(['ring', 'lease']).execute()) {
    const { epoch, generation } = JSON.parse(row.lease) as Lease
    see(row.ring, epoch, generation)
  }
  const revoked = await db
    .selectFrom('tokens')
    .select(['id', 'revoked_at'])
    .where('revoked_at', 'is not', null)
    .execute()
  return { rings, revoked }
}
