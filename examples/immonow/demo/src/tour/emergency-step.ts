/** emergencyStep: a key leaked: everything from before is dead within a second, for good. */
import { ringName, type Site } from '../site.ts'
import { isTokenExpired, showTokens, unexpired } from './kept-login.ts'
import { checkSignedOut } from './signed-out.ts'
import { TourStep, type StepReport } from './tour-step.ts'

/** Milliseconds in which every backend must refuse what a leaked key signed. */
const limit = 1_000

/** The exit code of a command that a guard refused. */
const refusedByGuard = 6

export async function emergencyStep(site: Site, say: (text: string) => void): Promise<StepReport> {
  const step = new TourStep(
    site,
    say,
    'emergency',
    '4  Emergency: a key leaked, and is dead everywhere at once',
  )
  const args = ['emergency', '--reason', 'the tour: a key was found in a public log', '--confirm', ringName]
  if (!(await step.change(args, true))) return step.report(0, 0)
  const { checks, kept, refusedMilliseconds } = step
  const when =
    refusedMilliseconds === undefined ? 'not by all' : `the last one after ${refusedMilliseconds} ms`
  checks.expect(
    refusedMilliseconds !== undefined && refusedMilliseconds <= limit,
    `an old token is refused by every backend within ${limit / 1000} s of the change: ${when}`,
  )
  const ended = await checkSignedOut(step, 'security')

  const refusals = step.refusals()
  const ofNew = refusals.filter(({ kid, status }) => kid === step.kid && status === 401).length
  checks.expect(ofNew === 0, 'no new token was answered with 401', String(ofNew))
  const faults = refusals.filter(({ status }) => status === 0 || (status >= 500 && status !== 503)).length
  checks.expect(faults === 0, 'no request failed for another reason', String(faults))

  say(`   $ keyturn rollback --reason "the tour: is there a way back?"`)
  const rollback = ['rollback', '--reason', 'the tour: is there a way back?']
  const { exit } = await site.keyturn(rollback, text => say(`     ${text}`))
  checks.expect(
    exit === refusedByGuard,
    'there is no way back: rollback is refused with exit code 6',
    `exit code ${exit}`,
  )
  const still = await showTokens(unexpired(kept), site.urls)
  checks.expectAll(still, answer => isTokenExpired(answer, 'security'), 'old tokens stay refused')
  return step.report(ended, 0)
}
