/** How often an address may say that it was signed out unexpectedly. Kept in the database, so all processes share it. */
import type { Database } from '../database/database.ts'
import { Problem } from '../http/problem.ts'
import { addressSubject } from './login-limits.ts'

export interface ReportLimits {
  /**
   * Counts a report of this address.
   * @throws {Problem} ERR_REPORT_LIMIT when there were too many; it is not counted then
   */
  count(address: string): Promise<void>
}

/** Reports within this many milliseconds count. */
export const reportWindow = 3_600_000
const reportsPerAddress = 20

export function reportLimits(database: Database, now: () => number): ReportLimits {
  return {
    async count(address) {
      const subject = addressSubject(address)
      const at = now()
      const since = at - reportWindow
      // In one transaction: a burst must not get past the limit.
      const decisive = await database.write(connection => {
        const row = connection.get<{ at: number }>(
          'SELECT at FROM sign_out_reports WHERE subject = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?',
          subject,
          since,
          reportsPerAddress - 1,
        )
        if (!row) connection.run('INSERT INTO sign_out_reports (subject, at) VALUES (?, ?)', subject, at)
        return row
      })
      if (decisive)
        throw new Problem('ERR_REPORT_LIMIT', { retryAfter: Math.ceil((decisive.at - since) / 1000) })
    },
  }
}
