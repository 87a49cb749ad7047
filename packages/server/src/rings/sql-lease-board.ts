/** sqlLeaseBoard: where the instances of a ring show what they hold. Puts of many instances are written together. */
import { randomBytes } from 'node:crypto'
import { parseLease, type LeaseBoard, type ProcessIdentity, type SeenLease } from 'keyturn/ports'
import { isProvedDead } from 'keyturn/rotation'
import { sql } from 'kysely'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import type { LeaseQueue } from './lease-queue.ts'

/** One ring's board, as one replica sees it. Leases are parsed once for each time they change. */
export function sqlLeaseBoard(database: Database, queue: LeaseQueue, ring: string): LeaseBoard {
  const { db, name } = database
  let seen = new Map<string, { readonly revision: string; readonly lease: SeenLease }>()
  const deaths = new DeathNotes()

  const list = async (): Promise<readonly SeenLease[]> => {
    const rows = await db
      .selectFrom('leases')
      .select(['instance', 'revision', 'seen_at'])
      .where('ring', '=', ring)
      .execute()
    const fresh = rows.filter(row => seen.get(row.instance)?.revision !== row.revision)
    const known = new Map(
      rows.flatMap(row => {
        const found = seen.get(row.instance)
        return found?.revision === row.revision ? [[row.instance, found]] : []
      }),
    )
    for (let at = 0; at < fresh.length; at += batch) {
      const names = fresh.slice(at, at + batch).map(row => row.instance)
      const leases = await db
        .selectFrom('leases')
        .select(['instance', 'revision', 'seen_at', 'lease'])
        .where('ring', '=', ring)
        .where('instance', 'in', names)
        .execute()
      for (const row of leases)
        known.set(row.instance, {
          revision: row.revision,
          lease: { ...parseLease(row.lease), seenAt: row.seen_at },
        })
    }
    seen = known
    return [...known.values()].map(each => each.lease)
  }

  return {
    put: lease => queue.put(lease),
    list: () => list().catch((error: unknown) => Promise.reject(asDatabaseError(error, name))),
    remove: instance => queue.remove(ring, instance),
    isProvedDead: async lease => deaths.has(lease.process),
  }
}

/** Names in one statement: SQLite takes a limited number of parameters. */
const batch = 500

/** Fresh for every put. */
export const newRevision = (): string => randomBytes(9).toString('base64url')

/** Milliseconds that an answer about a process is kept: thousands of leases may be of one. */
const keptFor = 200

/** Whether processes of this machine are gone. */
class DeathNotes {
  #answers = new Map<string, boolean>()
  #since = -Infinity

  has(identity: ProcessIdentity): boolean {
    const now = performance.now()
    if (now - this.#since > keptFor) {
      this.#answers = new Map()
      this.#since = now
    }
    const { host, boot, namespace, pid, start } = identity
    const name = [host, boot, namespace, pid, start].join('\n')
    const known = this.#answers.get(name)
    if (known !== undefined) return known
    const answer = isProvedDead(identity)
    this.#answers.set(name, answer)
    return answer
  }
}

/** Milliseconds of silence after which nobody asks for a lease any more: its instance has stopped long ago. */
const forgottenAfter = 7 * 24 * 3_600_000

/** Removes leases of instances that went without a word. */
export async function forgetLeases({ db, now }: Database): Promise<void> {
  await db
    .deleteFrom('leases')
    .where('seen_at', '<', sql<number>`${now} - ${sql.lit(forgottenAfter)}`)
    .execute()
}
