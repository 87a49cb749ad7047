/** SetupLinks: links that are good for one password. */
import { KeyturnError } from 'keyturn'
import type { Database } from '../database/open-database.ts'
import { AuthError } from './auth-error.ts'
import type { HubEvents } from './events.ts'
import { digestOf, opaqueSecret } from './opaque-secret.ts'
import { operatorName, operatorsRevision } from './operator-rows.ts'
import type { Admit, Operator } from './operators.ts'
import { checkPassword, sharedPasswords, type Passwords } from './password.ts'
import { reset } from './password-check.ts'
import { endSessions } from './sessions.ts'
import { endLogins } from './token-rows.ts'
import { asked, bump, transact, type Connection } from './transact.ts'

export interface LinkOptions {
  /** Whose password it sets; null: whoever comes first becomes the first admin. */
  readonly operator: string | null
  /** Milliseconds. @default 15 minutes */
  readonly lifetime?: number
}

/** What somebody who has a link sends. */
export interface Redemption {
  readonly secret: string
  readonly name: string
  readonly password: string
  /** Of the client. */
  readonly address: string
}

/** Milliseconds. */
const defaultLifetime = 15 * 60_000

/** Path of a link on the hub. The secret is in the fragment, which no server and no proxy sees. */
export const setupPath = (secret: string, operator: string | null): string =>
  operator === null ? `/setup#${secret}` : `/setup#${secret}.${operator}`

export class SetupLinks {
  readonly #database: Database
  readonly #events: HubEvents
  readonly #passwords: Passwords

  constructor(database: Database, events: HubEvents, passwords: Passwords = sharedPasswords) {
    this.#database = database
    this.#events = events
    this.#passwords = passwords
  }

  /** Whether nobody can log in yet: then a link for the first admin is due. @throws {StoreError} */
  async isFirstStart(): Promise<boolean> {
    return asked(this.#database, hasNoPassword(this.#database.db))
  }

  /** Returns the secret, once. Earlier links of the same operator end. @throws {KeyturnError} ERR_OPERATOR_NOT_FOUND */
  async create({ operator, lifetime = defaultLifetime }: LinkOptions): Promise<string> {
    const { now } = this.#database
    const secret = opaqueSecret()
    await transact(this.#database, async connection => {
      await bump(connection, operatorsRevision)
      await connection
        .deleteFrom('links')
        .where(eb =>
          eb.or([
            eb('expires_at', '<=', now),
            operator === null ? eb('operator', 'is', null) : eb('operator', '=', operator),
          ]),
        )
        .execute()
      if (operator !== null) await assertOperator(connection, operator)
      await connection
        .insertInto('links')
        .values(eb => ({ hash: digestOf(secret), operator, expires_at: eb(now, '+', lifetime) }))
        .execute()
    })
    return secret
  }

  /**
   * Sets the password, once for each link, and ends what the operator was logged in with. A weak password leaves the
   * link as it is.
   * @throws {AuthError} ERR_AUTH_SETUP_LINK, ERR_AUTH_PASSWORD
   * @throws {KeyturnError} ERR_REQUEST_INVALID for a name that cannot be, or is not that of the link
   */
  async redeem<T>(redemption: Redemption, admit: Admit<T>): Promise<T> {
    const name = operatorName(redemption.name)
    const hash = digestOf(redemption.secret)
    // Work is done for those who have a link.
    const link = await asked(this.#database, this.#open(this.#database.db, hash))
    if (link.operator !== null && link.operator !== name)
      throw new KeyturnError('ERR_REQUEST_INVALID', `the set-up link is not for ${name}`)
    checkPassword(redemption.password, name)
    const password = await this.#passwords.hash(redemption.password, name)
    return transact(this.#database, async connection => {
      await bump(connection, operatorsRevision)
      const { operator } = await this.#open(connection, hash)
      await connection.deleteFrom('links').where('hash', '=', hash).execute()
      const admitted =
        operator === null
          ? await this.#firstAdmin(connection, name, password)
          : await setPassword(connection, name, password)
      await endSessions(connection, name)
      await endLogins(this.#database, connection, name)
      const detail = `${name}, ${admitted.role}, from ${redemption.address}`
      await this.#events.record({ actor: name, action: 'setup.redeemed', detail }, connection)
      return admit(connection, admitted)
    })
  }

  async #open(connection: Connection, hash: string): Promise<{ readonly operator: string | null }> {
    const link = await connection
      .selectFrom('links')
      .select('operator')
      .where('hash', '=', hash)
      .where('expires_at', '>', this.#database.now)
      .executeTakeFirst()
    if (!link) throw new AuthError('ERR_AUTH_SETUP_LINK')
    return link
  }

  async #firstAdmin(connection: Connection, name: string, password: string): Promise<Operator> {
    if (!(await hasNoPassword(connection))) throw new AuthError('ERR_AUTH_SETUP_LINK')
    const row = { role: 'admin', password, ...reset } as const
    await connection
      .insertInto('operators')
      .values({ name, ...row, created_at: this.#database.now })
      .onConflict(conflict => conflict.column('name').doUpdateSet(row))
      .execute()
    return { name, role: 'admin' }
  }
}

async function hasNoPassword(connection: Connection): Promise<boolean> {
  const found = await connection
    .selectFrom('operators')
    .select('name')
    .where('password', 'is not', null)
    .limit(1)
    .execute()
  return found.length === 0
}

async function assertOperator(connection: Connection, name: string): Promise<void> {
  const found = await connection.selectFrom('operators').select('name').where('name', '=', name).execute()
  if (found.length === 0) throw new KeyturnError('ERR_OPERATOR_NOT_FOUND')
}

async function setPassword(connection: Connection, name: string, password: string): Promise<Operator> {
  const row = await connection
    .updateTable('operators')
    .set({ password, ...reset })
    .where('name', '=', name)
    .returning('role')
    .executeTakeFirst()
  if (!row) throw new AuthError('ERR_AUTH_SETUP_LINK')
  return { name, role: row.role }
}
