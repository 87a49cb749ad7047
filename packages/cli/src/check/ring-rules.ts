/** ringRules: what the ring itself tells, and what it shares with other environments. */
import { KeyturnError } from 'keyturn'
import { allDesks, deskOf } from '../desk/open-desk.ts'
import type { GlobalFlags, Output } from '../output.ts'
import type { Sources } from '../secret-sources.ts'
import { sharedKids } from '../shared-kids.ts'
import { shownPath } from '../shown-path.ts'
import { survey, type Problem } from '../survey.ts'
import type { FileTarget, Target } from '../target.ts'
import type { Finding, Rule, Severity } from './finding.ts'

/** Problems of `status` that are rules here; the others come and go with the instances. */
const ruleOf: Readonly<Record<string, readonly [Rule, Severity, string]>> = {
  edited: ['ring-edited', 'warning', 'restart the application; keyturn init takes the values over'],
  unfinished: ['rotation-unfinished', 'warning', 'keyturn rotate --resume, or --abort'],
  'erasure-overdue': ['erasure-overdue', 'error', 'start an instance, or keyturn rotate: both erase it'],
}

export async function ringRules(
  target: FileTarget,
  sources: Sources,
  output: Output,
): Promise<readonly Finding[]> {
  if (!sources.file?.secrets.some(({ role }) => role === 'active')) return []
  const file = shownPath(target.file.path)
  try {
    const { problems } = await survey(await deskOf(target, output))
    return findingsOf(problems).map(each => ({ ...each, file }))
  } catch (error) {
    if (!(error instanceof KeyturnError) || !error.code.startsWith('ERR_RING_')) throw error
    return [{ rule: 'ring-unreadable', severity: 'error', message: error.message, remedy: error.fix, file }]
  }
}

/** Problems that are rules, wherever the ring is kept. */
export const findingsOf = (problems: readonly Problem[]): readonly Finding[] =>
  problems.flatMap(({ problem, message }) => {
    const known = ruleOf[problem]
    if (!known) return []
    const [rule, severity, remedy] = known
    return [{ rule, severity, message, remedy }]
  })

/** The same secret in two rings of the configuration. */
export async function sharingRules(
  { configuration }: Pick<Target, 'configuration'>,
  flags: GlobalFlags,
  output: Output,
): Promise<readonly Finding[]> {
  if (!configuration || configuration.environments.length < 2) return []
  const shared = await sharedKids(await allDesks(flags, output))
  return shared.map(({ kid, environments }) => ({
    rule: 'environments-share',
    severity: 'error',
    message: `${environments.join(' and ')} share the secret of the key ${kid}`,
    remedy: `give each environment its own: keyturn rotate -e ${environments.at(-1)} --mode hard --reason TEXT`,
    file: shownPath(configuration.path),
  }))
}
