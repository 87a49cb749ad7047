/** TokenUses: from where each access token was used, so that an emergency knows whom to ask. */
import { sql } from 'kysely'
import type { Database } from '../database/open-database.ts'
import { asked, transact, type Connection } from './transact.ts'

export interface TokenUse {
  readonly address: string
  /** Epoch milliseconds. */
  readonly firstAt: number
  readonly lastAt: number
}

interface Noted {
  firstAt: number
  lastAt: number
  /** `lastAt` when it was last written, 0 for never. */
  written: number
}

/** Addresses kept of a token; the one used longest ago is forgotten first. */
const mostAddresses = 64
/** Milliseconds between two writes of one address. */
const writeEvery = 60_000
/** Rows in one statement. */
const atOnce = 200

export class TokenUses {
  readonly #database: Database
  readonly #noted = new Map<string, Map<string, Noted>>()

  constructor(database: Database) {
    this.#database = database
  }

  /** In memory only. @param now epoch milliseconds by the database's clock */
  note(token: string, address: string, now: number): void {
    const uses = this.#noted.get(token) ?? new Map<string, Noted>()
    this.#noted.set(token, uses)
    const use = uses.get(address) ?? { firstAt: now, lastAt: now, written: 0 }
    use.lastAt = Math.max(use.lastAt, now)
    // The last one in the map is the one used last.
    uses.delete(address)
    uses.set(address, use)
    if (uses.size <= mostAddresses) return
    const [oldest] = uses.keys()
    if (oldest !== undefined) uses.delete(oldest)
  }

  /**
   * Writes down what is new; what cannot be written is kept for the next time.
   * @param all also addresses that were written within the last minute
   * @throws {StoreError}
   */
  async flush(all = false): Promise<void> {
    const due = [...this.#noted].flatMap(([token, uses]) =>
      [...uses]
        .filter(([, use]) => use.lastAt > use.written + (all || use.written === 0 ? 0 : writeEvery))
        .map(([address, use]) => ({ token, address, use, lastAt: use.lastAt })),
    )
    // Replicas that write the same rows take them in the same order.
    due.sort((a, b) => compare(a.token, b.token) || compare(a.address, b.address))
    for (let start = 0; start < due.length; start += atOnce) {
      const part = due.slice(start, start + atOnce)
      await transact(this.#database, connection => write(connection, part))
      for (const { use, lastAt } of part) use.written = lastAt
    }
  }

  /** Forgets the tokens that are gone. */
  keep(isLive: (token: string) => boolean): void {
    for (const token of this.#noted.keys()) if (!isLive(token)) this.#noted.delete(token)
  }

  /** By token, the address used last first, as far as they are written down. */
  async read(): Promise<ReadonlyMap<string, readonly TokenUse[]>> {
    const rows = await asked(
      this.#database,
      this.#database.db.selectFrom('token_uses').selectAll().orderBy('last_at', 'desc').execute(),
    )
    const found = new Map<string, TokenUse[]>()
    for (const { token, address, first_at: firstAt, last_at: lastAt } of rows) {
      const uses = found.get(token) ?? []
      if (uses.length < mostAddresses) uses.push({ address, firstAt, lastAt })
      found.set(token, uses)
    }
    return found
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

interface Due {
  readonly token: string
  readonly address: string
  readonly use: Noted
  readonly lastAt: number
}

async function write(connection: Connection, due: readonly Due[]): Promise<void> {
  await connection
    .insertInto('token_uses')
    .values(
      due.map(({ token, address, use, lastAt }) => ({
        token,
        address,
        first_at: Math.round(use.firstAt),
        last_at: Math.round(lastAt),
      })),
    )
    .onConflict(conflict =>
      conflict.columns(['token', 'address']).doUpdateSet({
        last_at: sql<number>`case when excluded.last_at > token_uses.last_at then excluded.last_at else token_uses.last_at end`,
      }),
    )
    .execute()
  const fresh = due.filter(({ use }) => use.written === 0).map(({ token }) => token)
  for (const token of new Set(fresh)) await forgetOldest(connection, token)
}

/** Several replicas see more addresses than one remembers. */
async function forgetOldest(connection: Connection, token: string): Promise<void> {
  const newest = connection
    .selectFrom('token_uses')
    .select('address')
    .where('token', '=', token)
    .orderBy('last_at', 'desc')
    .orderBy('address')
    .limit(mostAddresses)
  await connection
    .deleteFrom('token_uses')
    .where('token', '=', token)
    .where('address', 'not in', newest)
    .execute()
}
