/** keyturn check: every secret and file rule, for start-up and CI. */
import { existsSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { checkSecret, ConfigError, StoreError } from 'keyturn'
import { checkHub } from '../check/check-hub.ts'
import { browserRules } from '../check/browser-rules.ts'
import { pathsIn, showFindings } from '../check/check-report.ts'
import { exposureRules, type Exposure } from '../check/exposure-rules.ts'
import { fileRules } from '../check/file-rules.ts'
import type { Finding } from '../check/finding.ts'
import { ringRules, sharingRules } from '../check/ring-rules.ts'
import { sarifOf } from '../check/sarif.ts'
import { secretRules } from '../check/secret-rules.ts'
import { configName } from '../config.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { activeIn, secretSources, type FoundSecret, type Sources } from '../secret-sources.ts'
import { shownPath } from '../shown-path.ts'
import { allTargets, chooseTarget, plainFile, type FileTarget, type Target } from '../target.ts'
import { usageError } from '../usage-error.ts'

interface CheckFlags extends GlobalFlags {
  readonly strict?: boolean
  readonly sarif?: boolean
}

interface Result {
  readonly length: number
  readonly valid: boolean
  readonly active: FoundSecret | undefined
  readonly sources: Sources
  readonly findings: readonly Finding[]
  readonly exposure: Exposure
}

export default (command: Command): void => {
  command
    .option('--strict', 'warnings count as errors, and so do + / = in a secret')
    .option('--sarif', 'print SARIF 2.1.0')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<CheckFlags>()
      if (flags.sarif && flags.json) throw usageError('--sarif and --json contradict each other')
      const output = new Output(flags)
      const { target, exposed } = choose(flags)
      if (target.kind === 'hub') return checkHub(target, flags, output)
      if (flags.environment !== undefined || flags.file !== undefined) refuseMissing(target)
      const result = await examine(target, flags, exposed, output)
      if (flags.sarif) process.stdout.write(`${JSON.stringify(sarifOf(result.findings), null, 2)}\n`)
      else show(output, result)
      if (result.exposure.isCut)
        output.warn(`only the first ${result.exposure.files} files of the project were looked at`)
      if (result.findings.some(({ severity }) => severity === 'error')) process.exitCode = 3
    })
}

/** A configuration that holds a secret is refused everywhere else; here it is a finding. */
function choose(flags: CheckFlags): { target: Target; exposed: readonly Finding[] } {
  try {
    return { target: chooseTarget(flags, { login: false }), exposed: [] }
  } catch (error) {
    if (!(error instanceof ConfigError) || error.code !== 'ERR_CONFIG_SECRET_EXPOSED') throw error
    const path = resolve(flags.file ?? process.env['KEYTURN_ENV_FILE'] ?? '.env')
    const file = shownPath(resolve(flags.config ?? configName))
    const { fix: remedy } = error
    const message = error.message.replace(`${resolve(file)}: `, '')
    return {
      target: plainFile(path, flags),
      exposed: [{ rule: 'config-secret', severity: 'error', message, remedy, file }],
    }
  }
}

/** A file that was named is not simply absent. */
function refuseMissing({ file }: FileTarget): void {
  if (!existsSync(file.path)) throw new StoreError('ERR_STORE_MISSING', `${file.name} does not exist`)
}

async function examine(
  target: FileTarget,
  flags: CheckFlags,
  exposed: readonly Finding[],
  output: Output,
): Promise<Result> {
  const strict = flags.strict === true
  // Denied and invalid are told apart by the store.
  await target.file.store.read().catch((error: unknown) => {
    if (error instanceof StoreError) throw error
  })
  const sources = secretSources(target, flags)
  const active = sources.used && activeIn(sources.used)
  const report = checkSecret(active?.text ?? '', { strict })
  const others =
    flags.environment === undefined && exposed.length === 0 && target.configuration ? allTargets(flags) : []
  const exposure = exposureRules({
    root: rootOf(target),
    secrets: [target, ...others]
      .filter(each => each.kind === 'file')
      .flatMap(each => secretsOf(secretSources(each, flags))),
    variables: [target.file.names.active, target.file.names.staged, target.file.names.retiring],
    except: [
      target.file.path,
      ...(target.configuration ? pathsIn(target.configuration) : []),
      ...exposed.flatMap(({ file }) => file ?? []),
    ],
  })
  const findings: readonly Finding[] = [
    ...secretRules(sources, target, strict),
    ...fileRules(target, sources),
    ...browserRules(sources),
    ...exposed,
    ...exposure.findings,
    ...(await ringRules(target, sources, output)),
    ...(exposed.length === 0 ? await sharingRules(target, flags, output) : []),
  ]
  return {
    length: report.length,
    valid: active !== undefined && report.ok,
    active,
    sources,
    findings: strict ? findings.map(each => ({ ...each, severity: 'error' })) : findings,
    exposure,
  }
}

const secretsOf = ({ environment, file }: Sources): readonly FoundSecret[] => [
  ...environment.secrets,
  ...(file?.secrets ?? []),
]

/** The configuration's folder; else this one, unless the file lies outside of it. */
function rootOf({ configuration, file }: FileTarget): string {
  if (configuration) return dirname(configuration.path)
  const here = process.cwd()
  return existsSync(file.path) && !file.path.startsWith(here + sep) ? dirname(file.path) : here
}

function show(output: Output, result: Result): void {
  const { length, valid, findings, active, sources, exposure } = result
  const errors = findings.filter(({ severity }) => severity === 'error').length
  output.document('check', {
    ok: errors === 0,
    length,
    valid,
    source: sources.used?.name ?? null,
    findings,
    filesLookedAt: exposure.files,
  })
  output.line(`Length: ${length}`)
  output.line(`Valid: ${valid}`)
  if (!output.plain && valid && active)
    output.line(`${output.mark('ok')} ${active.variable} in ${sources.used?.name}: no weakness found`)
  showFindings(output, findings)
}
