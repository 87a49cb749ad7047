/** Operators: the people who may log in to the hub. */
import { KeyturnError } from 'keyturn'
import type { Database } from '../database/open-database.ts'
import { AuthError } from './auth-error.ts'
import type { HubEvents } from './events.ts'
import { operatorName, operatorsRevision } from './operator-rows.ts'
import { checkPassword, sharedPasswords, type Passwords } from './password.ts'
import { PasswordCheck, reset, type Credentials } from './password-check.ts'
import type { Role } from './scopes.ts'
import { endSessions } from './sessions.ts'
import { endLogins } from './token-rows.ts'
import { asked, bump, transact, type Connection } from './transact.ts'

export interface Operator {
  readonly name: string
  readonly role: Role
}

export interface OperatorView extends Operator {
  /** Whether the set-up link was used. */
  readonly hasPassword: boolean
  /** Epoch milliseconds; null when not locked. */
  readonly lockedUntil: number | null
  readonly createdAt: number
}

/** What follows from a login, in a transaction in which name and password are still right. */
export type Admit<T> = (connection: Connection, operator: Operator) => Promise<T>

export interface PasswordChange extends Credentials {
  /** The new one; `password` is the current one. */
  readonly next: string
  /** Digest of the session that stays. */
  readonly keep: string
}

export class Operators {
  readonly #database: Database
  readonly #events: HubEvents
  readonly #passwords: Passwords
  readonly #check: PasswordCheck

  constructor(database: Database, events: HubEvents, passwords: Passwords = sharedPasswords) {
    this.#database = database
    this.#events = events
    this.#passwords = passwords
    this.#check = new PasswordCheck(database, events, passwords)
  }

  async list(): Promise<readonly OperatorView[]> {
    const { db, now } = this.#database
    const columns = ['name', 'role', 'password', 'locked_until', 'created_at', now.as('now')] as const
    const rows = db.selectFrom('operators').select(columns).orderBy('name').execute()
    return (await asked(this.#database, rows)).map(row => ({
      name: row.name,
      role: row.role,
      hasPassword: row.password !== null,
      lockedUntil: row.locked_until > row.now ? row.locked_until : null,
      createdAt: row.created_at,
    }))
  }

  /** Without a password: that is set by a link. @throws {KeyturnError} ERR_OPERATOR_EXISTS, ERR_REQUEST_INVALID */
  async create(name: string, role: Role, actor: string): Promise<Operator> {
    const operator = { name: operatorName(name), role }
    const row = { ...operator, ...reset, password: null, created_at: this.#database.now }
    await this.#change(async connection => {
      const inserted = await connection
        .insertInto('operators')
        .values(row)
        .onConflict(conflict => conflict.column('name').doNothing())
        .returning('name')
        .execute()
      if (inserted.length === 0) throw new KeyturnError('ERR_OPERATOR_EXISTS')
      const detail = `${operator.name}, ${role}`
      await this.#events.record({ actor, action: 'operator.created', detail }, connection)
    })
    return operator
  }

  /**
   * Sessions have the new role at once; logins at command lines end.
   * @throws {KeyturnError} ERR_OPERATOR_NOT_FOUND, ERR_OPERATOR_LAST_ADMIN
   */
  async setRole(name: string, role: Role, actor: string): Promise<void> {
    await this.#change(async connection => {
      if (role !== 'admin') await assertOtherAdmin(connection, name)
      const changed = await connection
        .updateTable('operators')
        .set({ role })
        .where('name', '=', name)
        .returning('name')
        .execute()
      if (changed.length === 0) throw new KeyturnError('ERR_OPERATOR_NOT_FOUND')
      await endLogins(this.#database, connection, name)
      const detail = `${name} is ${role} now`
      await this.#events.record({ actor, action: 'operator.role-changed', detail }, connection)
    })
  }

  /**
   * Ends the operator's sessions and logins. Tokens made for programs stay: what runs does not stop because somebody
   * left; the list of tokens says who made them.
   * @throws {KeyturnError} ERR_OPERATOR_NOT_FOUND, ERR_OPERATOR_LAST_ADMIN
   */
  async remove(name: string, actor: string): Promise<void> {
    await this.#change(async connection => {
      await assertOtherAdmin(connection, name)
      // First the operator: a login that is about to be written waits, and finds nobody.
      const removed = await connection
        .deleteFrom('operators')
        .where('name', '=', name)
        .returning('name')
        .execute()
      if (removed.length === 0) throw new KeyturnError('ERR_OPERATOR_NOT_FOUND')
      await connection.deleteFrom('links').where('operator', '=', name).execute()
      await endSessions(connection, name)
      await endLogins(this.#database, connection, name)
      await this.#events.record({ actor, action: 'operator.removed', detail: name }, connection)
    })
  }

  /**
   * @param admit makes the session or the token: no login is left over from a password that was changed meanwhile
   * @throws {AuthError} ERR_AUTH_CREDENTIALS; ERR_AUTH_LOCKED, with `retryAfter`, without a look at the password
   */
  async login<T>(credentials: Credentials, admit: Admit<T>): Promise<T> {
    const { name, stored } = await this.#check.check(credentials)
    return transact(this.#database, async connection => {
      const row = await connection
        .updateTable('operators')
        .set(reset)
        .where('name', '=', name)
        .where('password', '=', stored)
        .returning('role')
        .executeTakeFirst()
      if (!row) throw new AuthError('ERR_AUTH_CREDENTIALS')
      const detail = `from ${credentials.address}`
      await this.#events.record({ actor: name, action: 'operator.login', detail }, connection)
      return admit(connection, { name, role: row.role })
    })
  }

  /**
   * Ends all other sessions, and logins at command lines.
   * @throws {AuthError} ERR_AUTH_PASSWORD, ERR_AUTH_CREDENTIALS, ERR_AUTH_LOCKED
   */
  async changePassword(change: PasswordChange): Promise<void> {
    checkPassword(change.next, change.name)
    const { name, stored } = await this.#check.check(change)
    const password = await this.#passwords.hash(change.next, name)
    await transact(this.#database, async connection => {
      const changed = await connection
        .updateTable('operators')
        .set({ ...reset, password })
        .where('name', '=', name)
        .where('password', '=', stored)
        .returning('name')
        .execute()
      if (changed.length === 0) throw new AuthError('ERR_AUTH_CREDENTIALS')
      await endSessions(connection, name, change.keep)
      await endLogins(this.#database, connection, name)
      const detail = `from ${change.address}`
      await this.#events.record({ actor: name, action: 'operator.password-changed', detail }, connection)
    })
  }

  #change(work: (connection: Connection) => Promise<void>): Promise<void> {
    return transact(this.#database, async connection => {
      await bump(connection, operatorsRevision)
      await work(connection)
    })
  }
}

/** Somebody else can log in as an admin, if this one can. */
async function assertOtherAdmin(connection: Connection, name: string): Promise<void> {
  const admins = await connection
    .selectFrom('operators')
    .select('name')
    .where('role', '=', 'admin')
    .where('password', 'is not', null)
    .execute()
  if (admins.length === 1 && admins[0]?.name === name) throw new KeyturnError('ERR_OPERATOR_LAST_ADMIN')
}
