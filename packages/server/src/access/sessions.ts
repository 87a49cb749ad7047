/** Sessions: operators at the console. Of a session's id the database holds only the digest. */
import type { Database } from '../database/open-database.ts'
import type { Role } from './scopes.ts'
import { derivedFrom, digestOf, opaqueSecret } from './opaque-secret.ts'
import { asked, type Connection } from './transact.ts'

/** Milliseconds without a request after which a session ends. */
const idle = 30 * 60_000
/** Milliseconds after its login when it ends anyway. */
const longest = 12 * 3_600_000
/** Milliseconds between two notes that it is used. */
const slideEvery = 60_000

export interface NewSession {
  /** For the cookie. Shown once. */
  readonly id: string
  readonly csrf: string
  /** Epoch milliseconds: its end if nobody uses it, and its end anyway. */
  readonly idleUntil: number
  readonly expiresAt: number
}

export interface Session {
  /** Names it, opens nothing. */
  readonly digest: string
  readonly operator: string
  /** As it is now, not as it was at the login. */
  readonly role: Role
  /** Digest of the token that changes need. */
  readonly csrf: string
  /** Epoch milliseconds: its end if nobody uses it, and its end anyway. */
  readonly idleUntil: number
  readonly expiresAt: number
}

/** The token against forged requests: whoever has the cookie can have it, and no other page can. */
export const csrfOf = (id: string): string => derivedFrom(id, 'keyturn/csrf/v1')

export class Sessions {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @param connection the transaction of the login */
  async create(operator: string, connection: Connection = this.#database.db): Promise<NewSession> {
    const { now } = this.#database
    const id = opaqueSecret()
    const csrf = csrfOf(id)
    const row = {
      hash: digestOf(id),
      operator,
      csrf: digestOf(csrf),
      created_at: now,
      seen_at: now,
    }
    const inserted = connection
      .insertInto('sessions')
      .columns(['hash', 'operator', 'csrf', 'created_at', 'seen_at', 'expires_at'])
      .values(eb => ({ ...row, expires_at: eb(now, '+', longest) }))
      .returning(['seen_at', 'expires_at'])
      .executeTakeFirstOrThrow()
    return { id, csrf, ...endsOf(await asked(this.#database, inserted)) }
  }

  /**
   * The session with that id while it lives.
   * @param options slide: whether being found keeps it alive. @default true
   * @throws {StoreError}
   */
  async find(id: string, { slide = true } = {}): Promise<Session | undefined> {
    const digest = digestOf(id)
    const row = await asked(
      this.#database,
      this.#live()
        .select(['operator', 'role', 'csrf', 'expires_at', 'seen_at', this.#database.now.as('now')])
        .where('hash', '=', digest)
        .executeTakeFirst(),
    )
    if (!row) return undefined
    const isSlid = slide && row.now - row.seen_at >= slideEvery
    if (isSlid) await this.#slide(digest)
    const { operator, role, csrf } = row
    return { digest, operator, role, csrf, ...endsOf(isSlid ? { ...row, seen_at: row.now } : row) }
  }

  /** The roles of those sessions that live, by digest. They are not kept alive by that. @throws {StoreError} */
  async rolesOf(digests: readonly string[]): Promise<ReadonlyMap<string, Role>> {
    const rows = this.#live().select(['hash', 'role']).where('hash', 'in', digests).execute()
    return new Map((await asked(this.#database, rows)).map(({ hash, role }) => [hash, role]))
  }

  #live() {
    const { db, now } = this.#database
    return (
      db
        .selectFrom('sessions')
        // An operator who was removed and made again has new sessions.
        .innerJoin('operators', join =>
          join
            .onRef('operators.name', '=', 'sessions.operator')
            .onRef('operators.created_at', '<=', 'sessions.created_at'),
        )
        .where('expires_at', '>', now)
        .where('seen_at', '>', eb => eb(now, '-', idle))
    )
  }

  /** @param digest of the session's id */
  async end(digest: string): Promise<void> {
    await asked(this.#database, this.#database.db.deleteFrom('sessions').where('hash', '=', digest).execute())
  }

  /** Removes those that have ended. @throws {StoreError} */
  async tidy(): Promise<void> {
    const { db, now } = this.#database
    await asked(
      this.#database,
      db
        .deleteFrom('sessions')
        .where(eb => eb.or([eb('expires_at', '<=', now), eb('seen_at', '<=', eb(now, '-', idle))]))
        .execute(),
    )
  }

  async #slide(digest: string): Promise<void> {
    const { db, now } = this.#database
    await asked(
      this.#database,
      db.updateTable('sessions').set({ seen_at: now }).where('hash', '=', digest).execute(),
    )
  }
}

const endsOf = (row: { readonly seen_at: number; readonly expires_at: number }) => ({
  idleUntil: Math.min(row.seen_at + idle, row.expires_at),
  expiresAt: row.expires_at,
})

/** Ends the sessions of an operator. @param except digest of the one that stays */
export async function endSessions(connection: Connection, operator: string, except = ''): Promise<void> {
  await connection
    .deleteFrom('sessions')
    .where('operator', '=', operator)
    .where('hash', '!=', except)
    .execute()
}
