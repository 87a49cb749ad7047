/** Removes what nobody needs any more: failed logins and reports that no longer count, sessions that are over. */
import { failureWindow } from '../accounts/login-limits.ts'
import { reportWindow } from '../accounts/report-limits.ts'
import { repeatWindow } from '../accounts/sessions.ts'
import type { Database } from './database.ts'

/** Sessions that ended early are kept for a week, to be looked at. */
const keepEnded = 7 * 86_400_000

/** Small portions, so that nobody waits for the lock. A session ended by a cutoff stays: a rollback brings it back. */
export async function cleanUp(database: Database, now: number): Promise<void> {
  await database.write(connection => {
    connection.run(
      'DELETE FROM login_failures WHERE rowid IN (SELECT rowid FROM login_failures WHERE at <= ? LIMIT 1000)',
      now - failureWindow,
    )
    connection.run(
      'DELETE FROM sign_out_reports WHERE rowid IN (SELECT rowid FROM sign_out_reports WHERE at <= ? LIMIT 1000)',
      now - reportWindow,
    )
    connection.run(
      `DELETE FROM sessions WHERE id IN
         (SELECT id FROM sessions WHERE expires_at <= ? OR idle_until <= ? OR ended_at <= ? LIMIT 1000)`,
      now,
      now,
      now - keepEnded,
    )
    connection.run(
      `UPDATE sessions SET successor_salt = NULL WHERE id IN
         (SELECT id FROM sessions WHERE successor_salt IS NOT NULL AND rotated_at <= ? LIMIT 1000)`,
      now - repeatWindow,
    )
  })
}

/** Cleans up every ten minutes, each process at another time. Returns a stop function. */
export function scheduleCleanUp(database: Database, failed: (error: unknown) => void): () => void {
  let stopped = false
  let timer: NodeJS.Timeout
  const later = (): void => {
    if (stopped) return
    timer = setTimeout(
      () => {
        cleanUp(database, Date.now())
          .catch((error: unknown) => {
            if (!stopped) failed(error)
          })
          .finally(later)
      },
      (8 + Math.random() * 4) * 60_000,
    )
    timer.unref()
  }
  later()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
