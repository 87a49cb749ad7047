/** keyturn doctor: why it will not start, log in, or verify, under the guide's three headings. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { StoreError } from 'keyturn'
import type { Item, Section } from '../doctor/diagnosis.ts'
import { gather, type Evidence } from '../doctor/evidence.ts'
import { loginRules } from '../doctor/login-rules.ts'
import { startRules } from '../doctor/start-rules.ts'
import { fixMode, surroundings } from '../doctor/surroundings.ts'
import { tokenRules } from '../doctor/token-rules.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { diagnoseHub } from '../doctor/diagnose-hub.ts'
import { chooseTarget } from '../target.ts'
import { usageError } from '../usage-error.ts'

interface DoctorFlags extends GlobalFlags {
  readonly fix?: boolean
}

const marks = { ok: 'ok', warning: 'warn', error: 'fail' } as const

export default (command: Command): void => {
  command
    .option('--fix', 'make a file that others can read 0600; nothing else is changed')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<DoctorFlags>()
      const output = new Output(flags)
      const target = chooseTarget(flags, { login: false })
      if (target.kind === 'hub') {
        if (flags.fix)
          throw usageError('--fix is for a .env file: at a hub nothing of this machine is to be mended')
        return conclude(output, await diagnoseHub(target, output))
      }
      if ((flags.file !== undefined || flags.environment !== undefined) && !existsSync(target.file.path))
        throw new StoreError('ERR_STORE_MISSING', `${target.file.name} does not exist`)
      const evidence = await gather(target, flags)
      const fixed = flags.fix ? fixMode(evidence) : undefined
      conclude(output, sectionsOf(evidence), fixed)
    })
}

function conclude(output: Output, sections: readonly Section[], fixed?: string): void {
  show(output, sections, fixed)
  if (itemsIn(sections).some(({ standing }) => standing === 'error')) process.exitCode = 3
}

const sectionsOf = (evidence: Evidence): readonly Section[] => [
  { heading: "Application won't start", items: startRules(evidence) },
  { heading: "Users can't log in", items: loginRules(evidence) },
  { heading: 'Token validation errors', items: tokenRules(evidence) },
  { heading: 'Surroundings', items: surroundings(evidence) },
]

const itemsIn = (sections: readonly Section[]): readonly Item[] => sections.flatMap(({ items }) => items)

function show(output: Output, sections: readonly Section[], fixed: string | undefined): void {
  const items = itemsIn(sections)
  const needing = items.filter(({ standing }) => standing !== 'ok')
  output.document('doctor', {
    ok: items.every(({ standing }) => standing !== 'error'),
    sections,
    fixed: fixed === undefined ? [] : [fixed],
  })
  if (output.json) return
  if (output.plain) {
    for (const { heading, items: own } of sections)
      for (const { standing, name, message, remedy } of own)
        output.line([heading, standing, name, message, remedy ?? ''].join('\t'))
    return
  }
  if (fixed !== undefined) output.line(`${output.mark('ok')} fixed: ${fixed}`)
  const width = Math.max(...items.map(({ name }) => name.length)) + 1
  for (const { heading, items: own } of sections) {
    output.line(output.paint('bold', heading))
    for (const { standing, name, message, remedy } of own) {
      output.line(`${output.mark(marks[standing])} ${name.padEnd(width)} ${message}`)
      if (remedy !== undefined) output.line(`  ${' '.repeat(width)} ${output.paint('dim', remedy)}`)
    }
    output.line()
  }
  const fixable = items.filter(({ isFixable }) => isFixable).length
  const offer = fixable > 0 ? ` keyturn doctor --fix can do ${fixable}.` : ''
  output.line(
    needing.length === 0
      ? `${items.length} checks, nothing needs you.`
      : `${needing.length} of ${items.length} need you.${offer}`,
  )
}
