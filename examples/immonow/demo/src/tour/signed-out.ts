/** checkSignedOut: what hard and emergency have in common: old tokens and sessions are dead, a new login works at once. */
import {
  isAccepted,
  isSessionEnded,
  isTokenExpired,
  keep,
  refreshEverywhere,
  showTokens,
  unexpired,
} from './kept-login.ts'
import type { TourStep } from './tour-step.ts'

/** Number of sessions that ended. */
export async function checkSignedOut(step: TourStep, reason: 'expired' | 'security'): Promise<number> {
  const { checks, kept, site } = step
  const tokens = await showTokens(unexpired(kept), site.urls)
  checks.expectAll(
    tokens,
    answer => isTokenExpired(answer, reason),
    `old tokens are refused by every backend: 401 "Token expired", reason ${reason}`,
  )
  const sessions = await refreshEverywhere(kept, site.urls)
  checks.expectAll(
    sessions.flat(),
    answer => isSessionEnded(answer, reason),
    'old sessions are ended: refresh is refused by every backend',
  )
  await checkNewLogins(step)
  return sessions.filter(answers => answers.every(answer => isSessionEnded(answer, reason))).length
}

async function checkNewLogins(step: TourStep): Promise<void> {
  const { checks, site } = step
  const seconds = await step.untilEverybodyIsBack()
  checks.expect(
    seconds !== undefined,
    `everybody is signed in again${seconds === undefined ? '' : `, ${seconds.toFixed(1)} s after the command`}`,
    `${site.crowd.present} of ${site.crowd.users.length}`,
  )
  await step.letUsersGoOn(1_000)
  const logins = step.refusals().filter(({ path }) => path === '/api/auth/login').length
  checks.expect(logins === 0, 'no login was refused', String(logins))
  const fresh = await showTokens(keep(site.crowd.logins), site.urls)
  checks.expectAll(fresh, isAccepted, 'new tokens are accepted by every backend')
}
