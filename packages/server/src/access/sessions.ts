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
}

export interface Session {
  /** Names it, opens nothing. */
  readonly digest: string
  readonly operator: string
  /** As it is now, not as it was at the login. */
  readonly role: Role
  /** Digest of the token that changes need. */
  readonly csrf: string
  /** Epoch milliseconds. */
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
      .execute()
    await asked(this.#database, inserted)
    return { id, csrf }
  }

  /** The session with that id while it lives. Being found keeps it alive. @throws {StoreError} */
  async find(id: string): Promise<Session | undefined> {
    const { db, now } = this.#database
    const digest = digestOf(id)
    const row = await asked(
      this.#database,
      db
        .selectFrom('sessions')
        // An operator who was removed and made again has new sessions.
        .innerJoin('operators', join =>
          join
            .onRef('operators.name', '=', 'sessions.operator')
            .onRef('operators.created_at', '<=', 'sessions.created_at'),
        )
        .select(['operator', 'role', 'csrf', 'expires_at', 'seen_at', now.as('now')])
        .where('hash', '=', digest)
        .where('expires_at', '>', now)
        .where('seen_at', '>', eb => eb(now, '-', idle))
        .executeTakeFirst(),
    )
    if (!row) return undefined
    if (row.now - row.seen_at >= slideEvery) await this.#slide(digest)
    const { operator, role, csrf, expires_at: expiresAt } = row
    return { digest, operator, role, csrf, expiresAt }
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

/** Ends the sessions of an operator. @param except digest of the one that stays */
export async function endSessions(connection: Connection, operator: string, except = ''): Promise<void> {
  await connection
    .deleteFrom('sessions')
    .where('operator', '=', operator)
    .where('hash', '!=', except)
    .execute()
}
