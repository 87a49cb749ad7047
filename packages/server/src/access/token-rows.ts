/** insertToken and endLogins: the rows of access tokens, changed within a transaction. */
import { randomInt } from 'node:crypto'
import { KeyturnError } from 'keyturn'
import type { Database } from '../database/open-database.ts'
import { digestOf, opaqueSecret } from './opaque-secret.ts'
import type { Scope } from './scopes.ts'
import { tokensRevision } from './token-cache.ts'
import { bump, type Connection } from './transact.ts'

export interface TokenToInsert {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Seconds. */
  readonly life: number
  readonly createdBy: string
}

export interface CreatedToken {
  /** `kt_ID_SECRET`. Shown once. */
  readonly token: string
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** Before the operator's name in `created_by`: a login ends with the password, the role or the operator. */
export const login = 'login:'

/** No `@`: that is in the names of logins only. */
const nameForm = /^[\p{L}\p{N}][\p{L}\p{N} ._:/+-]{0,63}$/u

/** @throws {KeyturnError} ERR_REQUEST_INVALID */
export function assertTokenName(name: string): void {
  if (!nameForm.test(name))
    throw new KeyturnError(
      'ERR_REQUEST_INVALID',
      'the name of a token is 1 to 64 letters, digits, spaces and . _ : / + -, the first a letter or digit',
    )
}

const letters = '0123456789abcdefghijklmnopqrstuvwxyz'
const freshId = (): string => Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('')

/** Makes the token; the rows of those that ended long ago go. */
export async function insertToken(
  { now }: Database,
  connection: Connection,
  { name, scopes, life, createdBy }: TokenToInsert,
): Promise<CreatedToken> {
  const id = freshId()
  const secret = opaqueSecret()
  await bump(connection, tokensRevision)
  await forgetEnded(now, connection)
  const { expires_at: expiresAt } = await connection
    .insertInto('tokens')
    .values(eb => ({
      id,
      name,
      hash: digestOf(secret),
      scopes: JSON.stringify(scopes),
      created_by: createdBy,
      created_at: now,
      expires_at: eb(now, '+', life * 1000),
      revoked_at: null,
    }))
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return { token: `kt_${id}_${secret}`, id, name, scopes, expiresAt }
}

/** Ends the logins of an operator at command lines. */
export async function endLogins({ now }: Database, connection: Connection, operator: string): Promise<void> {
  await bump(connection, tokensRevision)
  await connection
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('created_by', '=', login + operator)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Milliseconds for which a token that has ended is still listed. */
const listedFor = 30 * 24 * 3_600_000

async function forgetEnded(now: Database['now'], connection: Connection): Promise<void> {
  const ended = connection
    .selectFrom('tokens')
    .select('id')
    .where(eb =>
      eb.or([eb('expires_at', '<', eb(now, '-', listedFor)), eb('revoked_at', '<', eb(now, '-', listedFor))]),
    )
  await connection.deleteFrom('token_uses').where('token', 'in', ended).execute()
  await connection.deleteFrom('tokens').where('id', 'in', ended).execute()
}
