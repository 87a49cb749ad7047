/** hardStep: the guide's rotation: everybody is signed out at once and logs in again. */
import type { Site } from '../site.ts'
import type { KeptLogin } from './kept-login.ts'
import { checkSignedOut } from './signed-out.ts'
import { TourStep, type StepReport } from './tour-step.ts'

/** @returns the report, and the devices that were signed out, for the rollback */
export async function hardStep(
  site: Site,
  say: (text: string) => void,
): Promise<{ report: StepReport; signedOut: readonly KeptLogin[] }> {
  const step = new TourStep(site, say, 'hard', '2  Hard rotation, as in the guide: everybody is signed out')
  const { checks, kept } = step
  const args = ['rotate', '--mode', 'hard', '--reason', 'the tour: sign everybody out']
  if (!(await step.change(args))) return { report: step.report(0, 0), signedOut: kept }
  const ended = await checkSignedOut(step, 'expired')

  const refusals = step.refusals()
  const ofNew = refusals.filter(({ kid }) => kid === step.kid).length
  checks.expect(ofNew === 0, 'no new token was refused to a user', String(ofNew))
  const other = refusals.filter(({ status, reason }) => status !== 401 || reason !== 'expired')
  checks.expect(
    other.length === 0,
    `the ${refusals.length} refused requests were all old tokens and sessions`,
    `${other.length} were not, e.g. ${other[0]?.status ?? ''} ${other[0]?.code ?? ''}`,
  )
  return { report: step.report(ended, 0), signedOut: kept }
}
