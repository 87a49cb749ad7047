/** rollbackStep: the hard rotation is taken back: who was signed out is back in, who logged in meanwhile stays in. */
import type { Site } from '../site.ts'
import { readToken } from '../login.ts'
import { isAccepted, refreshOnce, showTokens, unexpired, type KeptLogin } from './kept-login.ts'
import { TourStep, type StepReport } from './tour-step.ts'

export async function rollbackStep(
  site: Site,
  say: (text: string) => void,
  signedOut: readonly KeptLogin[],
  formerKid: string,
): Promise<StepReport> {
  const step = new TourStep(site, say, 'rollback', '3  Rollback: what the hard rotation ended goes on')
  if (!(await step.change(['rollback', '--reason', 'the tour: that was too much']))) return step.report(0, 0)
  const { checks, kept } = step
  checks.expect(step.kid === formerKid, `${formerKid} signs again`, step.kid)
  const revived = await site.crowd.retryEnded()
  await step.letUsersGoOn(2_000)

  const old = await showTokens(unexpired(signedOut), site.urls)
  checks.expectAll(old, isAccepted, 'tokens from before are accepted by every backend again')
  const sessions = await refreshOnce(signedOut, site.urls)
  const restored = checks.expectAll(sessions, isAccepted, 'sessions from before go on')
  checks.expect(
    revived > 0,
    `the users go on with ${revived} device${revived === 1 ? '' : 's'} that had been signed out`,
  )
  const between = await showTokens(unexpired(kept), site.urls)
  checks.expectAll(
    between,
    isAccepted,
    'tokens of those who logged in meanwhile are accepted by every backend',
  )
  const stayed = await refreshOnce(kept, site.urls)
  const alive = checks.expectAll(stayed, isAccepted, 'sessions of those who logged in meanwhile go on')
  checks.expect(
    [...signedOut, ...kept].every(({ login }) => readToken(login.token).kid === step.kid),
    `their new tokens are signed by ${step.kid}`,
  )
  const refused = step.refusals().length
  checks.expect(refused === 0, 'no request of a user was refused', String(refused))
  return step.report(kept.length - alive, restored)
}
