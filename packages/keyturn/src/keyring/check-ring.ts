/** checkRing: every secret of a ring, before the application starts with it. */
import { ConfigError } from '../errors.ts'
import type { Ring } from '../ports/ring-store.ts'
import type { Secret } from '../secret/secret.ts'
import type { SecretFinding } from '../secret/finding.ts'
import { checkSecret } from '../secret/strength.ts'
import type { VariableNames } from '../stores/ring-variables.ts'
import type { Log } from './log.ts'

/**
 * Refuses a ring with a weak secret, with every finding and remedy. A legacy key was adopted knowingly.
 * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK
 */
export function checkRing(ring: Ring, names: VariableNames, log: Log): void {
  const findings = labelled(ring, names).flatMap(
    ([variable, secret]) => checkSecret(secret.reveal(), { variable }).findings,
  )
  const errors = findings.filter(finding => finding.severity === 'error')
  for (const { rule, message, remedy } of findings.filter(finding => finding.severity === 'warning'))
    log({ level: 'warn', event: 'secret.warning', message: `${message}: ${remedy}`, rule })
  if (errors.length === 0) return
  for (const { rule, message } of errors)
    log({ level: 'error', event: 'security.weak-secret', message, rule })
  throw new ConfigError('ERR_CONFIG_SECRET_WEAK', errors.map(describe).join('; '), { findings: errors })
}

const describe = ({ message }: SecretFinding): string => message

/** Each secret that signs or verifies, with the variable it stands in. */
function labelled(ring: Ring, names: VariableNames): readonly (readonly [string, Secret])[] {
  const edit = ring.edited
  if (edit) {
    return [
      [names.active, edit.active],
      ...(edit.staged ? [[names.staged, edit.staged] as const] : []),
      ...edit.retiring.map(secret => [names.retiring, secret] as const),
    ]
  }
  const variable = { staged: names.staged, active: names.active, retiring: names.retiring } as const
  return ring.document.keys.flatMap(key => {
    const secret = ring.secrets.get(key.kid)
    if (!secret || key.legacy || key.state === 'suspended' || key.state === 'compromised') return []
    return [[variable[key.state], secret] as const]
  })
}
