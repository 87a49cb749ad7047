/** The accounts of ImmoNow. */
import { randomUUID } from 'node:crypto'

import type { Database } from '../database/database.ts'
import { Problem } from '../http/problem.ts'

/** An account as it is kept. */
export interface Account {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: 'member' | 'agency'
  /** Null for an account that nobody can log in to. */
  readonly passwordHash: string | null
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** An account as its owner sees it. */
export interface PublicAccount {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: string
  readonly createdAt: string
}

export interface Accounts {
  /** @throws {Problem} ERR_EMAIL_TAKEN */
  create(account: { email: string; name: string; passwordHash: string }): Promise<Account>
  byEmail(email: string): Account | undefined
  /** Takes anything, because the subject of a token may be anything. */
  byId(id: unknown): Account | undefined
}

const columns = 'id, email, name, role, password_hash AS passwordHash, created_at AS createdAt'

export function accountStore(database: Database, now: () => number): Accounts {
  const byEmail = (email: string): Account | undefined =>
    database.get<Account>(`SELECT ${columns} FROM users WHERE email = ?`, email)

  return {
    async create({ email, name, passwordHash }) {
      const account: Account = {
        id: randomUUID(),
        email,
        name,
        role: 'member',
        passwordHash,
        createdAt: now(),
      }
      const created = await database.write(connection =>
        connection.run(
          `INSERT INTO users (id, email, name, role, password_hash, created_at)
           VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING`,
          account.id,
          email,
          name,
          account.role,
          passwordHash,
          account.createdAt,
        ),
      )
      if (created === 0) throw new Problem('ERR_EMAIL_TAKEN')
      return account
    },
    byEmail,
    byId(id) {
      if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) return undefined
      return database.get<Account>(`SELECT ${columns} FROM users WHERE id = ?`, id)
    },
  }
}

export const publicAccount = (account: Account): PublicAccount => ({
  id: account.id,
  email: account.email,
  name: account.name,
  role: account.role,
  createdAt: new Date(account.createdAt).toISOString(),
})
