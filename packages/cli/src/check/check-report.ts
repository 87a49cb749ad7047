/** showFindings: findings of check for people, and for scripts. */
import type { Configuration } from '../config.ts'
import type { Output } from '../output.ts'
import type { Finding } from './finding.ts'

/** @param fine what is said first when nothing was found */
export function showFindings(output: Output, findings: readonly Finding[], fine?: string): void {
  if (output.plain) {
    for (const { severity, rule, message, remedy, ...place } of findings)
      output.line([severity, rule, placeOf(place), message, remedy].join('\t'))
    return
  }
  if (fine !== undefined && findings.length === 0) output.line(`${output.mark('ok')} ${fine}`)
  for (const { severity, message, remedy, ...place } of findings) {
    const at = placeOf(place)
    output.line(
      `${output.mark(severity === 'error' ? 'fail' : 'warn')} ${at === '' ? '' : `${at}: `}${message}`,
    )
    output.line(`    ${output.paint('dim', remedy)}`)
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  if (findings.length > 0) output.line(`${counted(errors, 'error')}, ${counted(warnings, 'warning')}`)
}

/** Files of the configuration's rings. */
export const pathsIn = ({ environments }: Configuration): readonly string[] =>
  environments.flatMap(({ store }) => (store.type === 'env-file' ? [store.path] : []))

const placeOf = ({ file, line }: Pick<Finding, 'file' | 'line'>): string =>
  file === undefined ? '' : line === undefined ? file : `${file}:${line}`

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
