/** Every check but the tests: one line each, `check: N passed, N failed`. Names of checks as arguments run only those. */
// @ts-check
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fileLengths, fileNames, firstLines, longFiles, suppressions } from './check/files.js'
import { importRules, importRulesBite } from './check/imports.js'
import * as keyturn from './check/package.js'
import { tool } from './check/run.js'

/** @type {Record<string, () => string[] | Promise<string[]>>} problems by name of the check */
const checks = {
  // The longest first: two run at a time.
  eslint: tool('eslint', '--max-warnings', '0', '.'),
  types: tool('tsc', '-p', 'tsconfig.test.json'),
  'types-console': tool('tsc', '-p', 'packages/console', '--noEmit'),
  'types-immonow-web': tool('tsc', '-p', 'examples/immonow/web', '--noEmit'),
  prettier: tool('prettier', '--check', '--log-level', 'warn', '.'),
  imports: importRules,
  'imports-bite': importRulesBite,
  unused: tool('knip', '--no-progress', '--no-config-hints'),
  'file-length': fileLengths,
  'file-names': fileNames,
  'first-lines': firstLines,
  suppressions,
  'package-exports': keyturn.exportsMap,
  'package-dependencies': keyturn.nothingElseIsInstalled,
  'package-content': keyturn.tarballContent,
  'package-publint': keyturn.publint,
  'package-types': keyturn.arethetypeswrong,
  'package-installed': keyturn.installed,
}

/** As many at a time as the smallest machine has cores. */
const workers = 2

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const unknown = positionals.filter(name => !(name in checks))
if (unknown.length > 0) {
  process.stderr.write(
    `check: error: no check ${unknown.join(', ')}: there are ${Object.keys(checks).join(', ')}\n`,
  )
  process.exit(2)
}

/** @param {() => string[] | Promise<string[]>} check */
async function problemsOf(check) {
  try {
    return await check()
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

const waiting = Object.entries(checks).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
)
const summary = { passed: 0, failed: 0 }

async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, check] = next
    const startedAt = performance.now()
    const problems = await problemsOf(check)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    summary[problems.length === 0 ? 'passed' : 'failed'] += 1
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
    for (const problem of problems) console.log(problem.trimEnd().replace(/^/gm, '     '))
  }
}

await Promise.all(Array.from({ length: workers }, work))
for (const note of positionals.length === 0 ? longFiles() : []) console.log(`note: ${note}`)
console.log(`check: ${summary.passed} passed, ${summary.failed} failed`)
if (values.json) writeFileSync(values.json, JSON.stringify(summary))
if (summary.failed > 0) process.exitCode = 1
