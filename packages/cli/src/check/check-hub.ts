/** checkHub: what of check applies to a ring that a hub keeps. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { deskOf, flagsOf } from '../desk/open-desk.ts'
import type { GlobalFlags, Output } from '../output.ts'
import { environmentSource } from '../secret-sources.ts'
import { survey } from '../survey.ts'
import { plainFile, type HubTarget } from '../target.ts'
import { browserRules } from './browser-rules.ts'
import { pathsIn, showFindings } from './check-report.ts'
import { exposureRules } from './exposure-rules.ts'
import type { Finding } from './finding.ts'
import { findingsOf, sharingRules } from './ring-rules.ts'
import { sarifOf } from './sarif.ts'

export interface HubCheckFlags extends GlobalFlags {
  readonly strict?: boolean
  readonly sarif?: boolean
}

/** Exits 3 when there is an error. */
export async function checkHub(target: HubTarget, flags: HubCheckFlags, output: Output): Promise<void> {
  const desk = await deskOf(target, output, flagsOf(flags))
  const { problems } = await survey(desk)
  const { names } = plainFile('.env', {}).file
  const environment = environmentSource(names)
  const exposure = exposureRules({
    root: target.configuration ? dirname(target.configuration.path) : process.cwd(),
    secrets: environment.secrets,
    variables: [names.active, names.staged, names.retiring],
    except: target.configuration ? pathsIn(target.configuration).filter(existsSync) : [],
  })
  const found: readonly Finding[] = [
    ...browserRules({ environment, isFileNamed: false }),
    ...exposure.findings,
    ...findingsOf(problems),
    ...(await sharingRules(target, flags, output)),
  ]
  const findings: readonly Finding[] = flags.strict
    ? found.map(each => ({ ...each, severity: 'error' }))
    : found
  const ok = findings.every(({ severity }) => severity !== 'error')
  output.document('check', {
    ok,
    length: null,
    valid: null,
    source: desk.name,
    findings,
    filesLookedAt: exposure.files,
  })
  if (flags.sarif) process.stdout.write(`${JSON.stringify(sarifOf(findings), null, 2)}\n`)
  else showFindings(output, findings, `${desk.name}: nothing found in the project and in the ring`)
  output.note(
    `the hub keeps the secrets of ${desk.ring} and refused weak ones when they came in: their text, a .env file and its mode are not looked at`,
  )
  if (!ok) process.exitCode = 3
}
