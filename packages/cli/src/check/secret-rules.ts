/** secretRules: every secret that signs or verifies, in every source. */
import { checkSecret } from 'keyturn'
import { keyName } from '../key-name.ts'
import { activeIn, type FoundSecret, type SecretSource, type Sources } from '../secret-sources.ts'
import type { FileTarget } from '../target.ts'
import type { Finding } from './finding.ts'

export function secretRules(sources: Sources, target: FileTarget, strict: boolean): readonly Finding[] {
  const { environment, file, used, isFileNamed } = sources
  const looked = isFileNamed ? [file] : [environment, file]
  return [
    ...(used ? [] : [missing(sources, target)]),
    ...looked.flatMap(source => (source ? inSource(source, strict) : [])),
    ...differing(sources),
  ]
}

function inSource(source: SecretSource, strict: boolean): readonly Finding[] {
  const { problem } = source
  const unreadable: readonly Finding[] = problem
    ? [{ rule: 'secret-unreadable', severity: 'error', message: problem.message, remedy: problem.fix }]
    : []
  return [...unreadable, ...source.secrets.flatMap(secret => ofSecret(secret, strict))]
}

function ofSecret({ role, variable, text, file, line }: FoundSecret, strict: boolean): readonly Finding[] {
  const place = { ...(file !== undefined && { file }), ...(line !== undefined && { line }) }
  // A suspended key neither signs nor verifies.
  if (role === 'suspended') return []
  if (role !== 'legacy')
    return checkSecret(text, { variable, strict }).findings.map(each => ({ ...each, ...place }))
  return [
    {
      rule: 'secret-adopted',
      severity: 'warning',
      message: `${variable} is an adopted secret that fails today's rules: it still verifies, and never signs`,
      remedy: 'it goes by itself when its grace ends: keyturn status',
      ...place,
    },
  ]
}

function missing({ file, isFileNamed }: Sources, target: FileTarget): Finding {
  const { active } = target.file.names
  const others = target.configuration?.environments.map(each => each.name) ?? []
  const elsewhere =
    others.length > 0 && !target.environment ? `, or choose one with -e: ${others.join(', ')}` : ''
  return {
    rule: 'secret-missing',
    severity: 'error',
    message: `${active} is not set: ${isFileNamed ? '' : 'not in the environment, and '}${file ? `not in ${file.name}` : `there is no ${target.file.name}`}`,
    remedy: `keyturn generate --write .env${elsewhere}`,
  }
}

/** Two values, and the application takes only one of them. */
function differing({ environment, file, used }: Sources): readonly Finding[] {
  const [one, other] = [activeIn(environment), file && activeIn(file)]
  if (!one || !other || !file || !used || one.text === other.text) return []
  return [
    {
      rule: 'sources-differ',
      severity: 'warning',
      message: `${one.variable} is ${keyName(one.text)} in the environment and ${keyName(other.text)} in ${file.name}; an application started here takes ${used.kind === 'file' ? file.name : 'the environment'}`,
      remedy:
        used.kind === 'file'
          ? `unset ${one.variable} in the environment`
          : `unset ${one.variable}, or start the application with KEYTURN_ENV_FILE=${file.name}`,
      file: file.name,
      ...(other.line !== undefined && { line: other.line }),
    },
  ]
}
