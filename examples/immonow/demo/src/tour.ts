/** runTour: graceful, hard, rollback, emergency, each checked against what the guide says. */
import { setTimeout as sleep } from 'node:timers/promises'
import { addresses } from './invitation.ts'
import type { Site } from './site.ts'
import { emergencyStep } from './tour/emergency-step.ts'
import { gracefulStep } from './tour/graceful-step.ts'
import { hardStep } from './tour/hard-step.ts'
import { reportTable } from './tour/report-table.ts'
import { rollbackStep } from './tour/rollback-step.ts'

/** The exit code: 0 only when nothing was different from what the guide says. */
export async function runTour(site: Site, say: (text: string) => void): Promise<number> {
  const started = performance.now()
  const env = Object.entries(site.keyturnEnv).map(([name, value]) => `${name}=${value}`)
  say(`\n${addresses(site)}\n  commands   ${env.join(' ')}\n`)
  say("The tour: four changes of the key that signs the users' tokens, each asked for on every backend.")
  await sleep(1_000)
  const graceful = await gracefulStep(site, say)
  const { report: hard, signedOut } = await hardStep(site, say)
  const rollback = await rollbackStep(site, say, signedOut, graceful.kid)
  const emergency = await emergencyStep(site, say)

  const reports = [graceful, hard, rollback, emergency]
  const violations = reports.flatMap(report => report.violations)
  say(`\n${reportTable(reports)}\n`)
  say('requests, refused: of the simulated users, while the step lasted')
  say('on all three: from the change at the hub to the last backend that held it\n')
  if (violations.length === 0) {
    say(`Every step did what the guide says. ${((performance.now() - started) / 1000).toFixed(0)} s.\n`)
    return 0
  }
  say(`${violations.length} ${violations.length === 1 ? 'thing is' : 'things are'} not as the guide says:`)
  for (const violation of violations) say(`  ✖ ${violation}`)
  say('')
  return 1
}
