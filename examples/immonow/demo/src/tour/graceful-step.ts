/** gracefulStep: a new key signs, and nobody notices. */
import type { Site } from '../site.ts'
import { readToken } from '../login.ts'
import { isAccepted, refreshOnce, showTokens, unexpired } from './kept-login.ts'
import { TourStep, type StepReport } from './tour-step.ts'

export async function gracefulStep(site: Site, say: (text: string) => void): Promise<StepReport> {
  const step = new TourStep(
    site,
    say,
    'graceful',
    '1  Graceful rotation: a new key signs, and nobody notices',
  )
  if (!(await step.change(['rotate', '--reason', 'the tour: the yearly rotation']))) return step.report(0, 0)
  const { checks, kept } = step
  await step.letUsersGoOn(2_000)

  const tokens = await showTokens(unexpired(kept), site.urls)
  checks.expectAll(tokens, isAccepted, 'old tokens are accepted by every backend')
  const sessions = await refreshOnce(kept, site.urls)
  const alive = checks.expectAll(sessions, isAccepted, 'old sessions go on')
  checks.expect(
    kept.every(({ login }) => readToken(login.token).kid === step.kid),
    `their new tokens are signed by ${step.kid}`,
  )
  const refused = step.refusals().length
  checks.expect(refused === 0, 'no request of a user was refused', String(refused))
  return step.report(kept.length - alive, 0)
}
