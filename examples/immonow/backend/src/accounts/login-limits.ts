/** Limits on failed logins, per account and per address. They are kept in the database, so all processes share them. */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'

import type { Connection, Database } from '../database/database.ts'
import { Problem } from '../http/problem.ts'

export interface LoginLimits {
  /** @throws {Problem} ERR_LOGIN_LIMIT when this account or this address failed too often */
  check(email: string, address: string): void
  failed(email: string, address: string): Promise<void>
  /** Forgets the failures of the account, not those of the address. */
  succeeded(email: string): Promise<void>
}

/** Failures within this many milliseconds count. */
export const failureWindow = 15 * 60_000
const failuresPerAccount = 10
const failuresPerAddress = 100

export function loginLimits(database: Database, now: () => number): LoginLimits {
  /** Milliseconds until the subject may try again. */
  const wait = (connection: Connection, subject: string, limit: number): number => {
    const since = now() - failureWindow
    const decisive = connection.get<{ at: number }>(
      'SELECT at FROM login_failures WHERE subject = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?',
      subject,
      since,
      limit - 1,
    )
    return decisive ? decisive.at - since : 0
  }

  return {
    check(email, address) {
      const longest = Math.max(
        wait(database, accountSubject(email), failuresPerAccount),
        wait(database, addressSubject(address), failuresPerAddress),
      )
      if (longest > 0) throw new Problem('ERR_LOGIN_LIMIT', { retryAfter: Math.ceil(longest / 1000) })
    },
    async failed(email, address) {
      const at = now()
      await database.write(connection => {
        for (const subject of [accountSubject(email), addressSubject(address)]) {
          connection.run('INSERT INTO login_failures (subject, at) VALUES (?, ?)', subject, at)
        }
      })
    },
    async succeeded(email) {
      const subject = accountSubject(email)
      const any = database.get('SELECT 1 FROM login_failures WHERE subject = ? LIMIT 1', subject)
      if (!any) return
      await database.write(connection =>
        connection.run('DELETE FROM login_failures WHERE subject = ?', subject),
      )
    },
  }
}

/** Hashed: people type passwords into the wrong field. */
const accountSubject = (email: string): string =>
  `account:${createHash('sha256').update(email).digest('base64url')}`

/** One home has one IPv4 address or one IPv6 network of 64 bits. */
export function addressSubject(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return `address:${plain}`
  const [head = '', tail] = plain.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0')
  const network = [...left, ...zeros, ...right].slice(0, 4).map(part => parseInt(part, 16).toString(16))
  return `address:${network.join(':')}::/64`
}
