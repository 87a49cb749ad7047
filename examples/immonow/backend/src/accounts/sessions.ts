/**
 * Login sessions. A session is one row; its refresh token changes with every use, and only hashes are kept.
 *
 * A token that was replaced already ends the session: somebody else has a copy. One case is no theft: the same
 * token twice within 30 seconds while its successor is still unused (two tabs at once, or an answer that got
 * lost). Both callers get the same successor then, so a session never has two tokens that are good, and a thief
 * who takes part in this is found at the next use.
 */
import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { SessionStamp } from 'keyturn'

import type { Connection, Database } from '../database/database.ts'
import { Problem } from '../http/problem.ts'

/** Life of a login in milliseconds, however often it is refreshed. */
const sessionLife = 60 * 86_400_000
/** Life of a refresh token in milliseconds. */
const idleLife = 14 * 86_400_000
/** A replaced token is answered with its successor for so many milliseconds. */
export const repeatWindow = 30_000

/** A refresh token for the client, and until when it is good (epoch milliseconds). */
export interface RefreshToken {
  readonly token: string
  readonly expiresAt: number
}

/** The login that a refresh token stands for. */
export interface Login {
  readonly userId: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly stamp: SessionStamp
}

export interface Sessions {
  /** @param stamp where the ring stood at this login; it stays with the session through every refresh */
  create(userId: string, stamp: SessionStamp): Promise<RefreshToken>
  /**
   * The login behind a token, without changing a row.
   * @throws {Problem} ERR_SESSION_UNKNOWN
   */
  peek(token: string): Login
  /**
   * Replaces the token. `allow` is asked about the login first; when it throws, no row changes.
   * @throws {Problem} ERR_SESSION_UNKNOWN, ERR_SESSION_REUSED (the session is over then)
   */
  rotate(token: string, allow: (login: Login) => void): Promise<RefreshToken>
  /** Ends the session of the token, if there is one. */
  end(token: string): Promise<void>
}

interface Row {
  readonly id: string
  readonly user_id: string
  readonly login_generation: number
  readonly login_kid: string
  readonly current_hash: string
  readonly previous_hash: string | null
  readonly successor_salt: string | null
  readonly rotated_at: number | null
  readonly created_at: number
  readonly expires_at: number
  readonly idle_until: number
  readonly ended_at: number | null
}

export function sessionStore(database: Database, now: () => number): Sessions {
  const find = (connection: Connection, token: string): Row => {
    const row = tokenPattern.test(token)
      ? connection.get<Row>('SELECT * FROM sessions WHERE id = ?', idOf(token))
      : undefined
    const at = now()
    if (!row || row.ended_at !== null || row.expires_at <= at || row.idle_until <= at) {
      throw new Problem('ERR_SESSION_UNKNOWN', { reason: 'expired' })
    }
    return row
  }

  return {
    async create(userId, stamp) {
      const at = now()
      const token = `${randomUUID()}.${randomBytes(32).toString('base64url')}`
      await database.write(connection =>
        connection.run(
          `INSERT INTO sessions (id, user_id, login_generation, login_kid, current_hash,
             created_at, expires_at, idle_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          idOf(token),
          userId,
          stamp.generation,
          stamp.kid,
          hashOf(token),
          at,
          at + sessionLife,
          at + idleLife,
        ),
      )
      return { token, expiresAt: at + idleLife }
    },

    peek: token => loginOf(find(database, token)),

    async rotate(token, allow) {
      const outcome = await database.write((connection): RefreshToken | Problem => {
        const row = find(connection, token)
        allow(loginOf(row))
        const at = now()
        const presented = hashOf(token)
        if (same(presented, row.current_hash)) {
          const salt = randomBytes(32).toString('base64url')
          const successor = successorOf(token, salt)
          const idleUntil = Math.min(at + idleLife, row.expires_at)
          connection.run(
            `UPDATE sessions SET current_hash = ?, previous_hash = ?, successor_salt = ?, rotated_at = ?,
               idle_until = ? WHERE id = ?`,
            hashOf(successor),
            presented,
            salt,
            at,
            idleUntil,
            row.id,
          )
          return { token: successor, expiresAt: idleUntil }
        }
        const repeated = row.previous_hash !== null && same(presented, row.previous_hash)
        const recent = row.rotated_at !== null && at - row.rotated_at <= repeatWindow
        if (repeated && recent && row.successor_salt !== null) {
          return { token: successorOf(token, row.successor_salt), expiresAt: row.idle_until }
        }
        endRow(connection, row.id, at, 'reuse')
        // Returned, not thrown: the end of the session must be committed.
        return new Problem('ERR_SESSION_REUSED', { reason: 'security' })
      })
      if (outcome instanceof Problem) throw outcome
      return outcome
    },

    async end(token) {
      if (!tokenPattern.test(token)) return
      await database.write(connection => endRow(connection, idOf(token), now(), 'logout'))
    },
  }
}

const endRow = (connection: Connection, id: string, at: number, by: string): number =>
  connection.run(
    'UPDATE sessions SET ended_at = ?, ended_by = ?, successor_salt = NULL WHERE id = ? AND ended_at IS NULL',
    at,
    by,
    id,
  )

const loginOf = (row: Row): Login => ({
  userId: row.user_id,
  at: row.created_at,
  stamp: { generation: row.login_generation, kid: row.login_kid },
})

/** Session id, a dot, 32 random bytes. The id leaves the server in this token only. */
const tokenPattern = /^[0-9a-f-]{36}\.[\w-]{43}$/

const idOf = (token: string): string => token.slice(0, 36)

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Needs both the old token, which only the client has, and the salt, which only the database has. */
const successorOf = (token: string, salt: string): string =>
  `${idOf(token)}.${createHmac('sha256', token).update(`immonow/refresh/v1:${salt}`).digest('base64url')}`

const same = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
