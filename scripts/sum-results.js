/** Sums results: `sum-results.js LABEL=EXITCODE=FILE[=FILE]…`, each file the JSON of vitest, Playwright or check.js. Ends with `N passed, N failed`. */
// @ts-check
import { existsSync, readFileSync } from 'node:fs'

/** Characters of a failure's first line: the whole is in the log above, which may be cut. */
const mostOfWhy = 300

/**
 * @typedef {object} Vitest
 * @property {{ status: string, name: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[]} testResults
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {{ title: string, file: string, tests: { status: string, results: { error?: { message?: string } }[] }[] }[]} [specs]
 * @property {Suite[]} [suites]
 *
 * @typedef {object} Playwright
 * @property {Suite[]} suites
 * @property {{ message?: string }[]} errors outside of any test
 *
 * @typedef {{ passed: number, failed: number }} Checks
 *
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} skipped
 * @property {{ name: string, why?: string | undefined }[]} failures
 */

/** @returns {Count} */
const none = () => ({ passed: 0, skipped: 0, failures: [] })

/** @param {Vitest} results @returns {Count} */
function ofVitest({ testResults }) {
  const count = none()
  for (const { status, name, assertionResults } of testResults) {
    for (const test of assertionResults)
      if (test.status === 'passed') count.passed += 1
      else if (test.status === 'failed')
        count.failures.push({ name: test.fullName, why: test.failureMessages?.[0] })
      else count.skipped += 1
    // A file that does not load has no tests, and a failing hook fails none.
    if (status === 'failed' && !assertionResults.some(test => test.status === 'failed'))
      count.failures.push({ name })
  }
  return count
}

/** @param {Playwright} results @returns {Count} */
function ofPlaywright({ suites, errors }) {
  const count = none()
  count.failures = errors.map(({ message }) => ({ name: 'outside of any test', why: message }))
  const waiting = [...suites]
  for (let suite = waiting.shift(); suite; suite = waiting.shift()) {
    waiting.push(...(suite.suites ?? []))
    for (const { title, file, tests } of suite.specs ?? [])
      for (const { status, results } of tests)
        if (status === 'expected') count.passed += 1
        else if (status === 'skipped') count.skipped += 1
        else count.failures.push({ name: `${file} ${title}`, why: results.at(-1)?.error?.message })
  }
  return count
}

/** @param {Checks} results @returns {Count} */
const ofChecks = ({ passed, failed }) => ({
  ...none(),
  passed,
  failures: Array.from({ length: failed }, () => ({ name: 'a check: see above' })),
})

/** @param {string} file @returns {Count} */
function countIn(file) {
  /** @type {Vitest | Playwright | Checks} */
  const results = JSON.parse(readFileSync(file, 'utf8'))
  if ('testResults' in results) return ofVitest(results)
  return 'suites' in results ? ofPlaywright(results) : ofChecks(results)
}

/** The first line, without what colours it. @param {string} [text] */
const firstLine = (text = '') =>
  (text.split('\n')[0] ?? '').replaceAll(/\x1b\[[0-9;]*m/g, '').slice(0, mostOfWhy)

/**
 * @param {string} label
 * @param {number} exitCode of what wrote them all
 * @param {string[]} files
 * @returns {Count}
 */
function sum(label, exitCode, files) {
  const counts = files.map(file =>
    existsSync(file)
      ? countIn(file)
      : { ...none(), failures: [{ name: `no results in ${file} (exit code ${exitCode})` }] },
  )
  const whole = {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    skipped: counts.reduce((total, { skipped }) => total + skipped, 0),
    failures: counts.flatMap(({ failures }) => failures),
  }
  if (whole.failures.length === 0 && (exitCode !== 0 || counts.some(({ passed }) => passed === 0)))
    whole.failures.push({ name: `${whole.passed} passed, yet it ended with exit code ${exitCode}` })
  for (const { name, why } of whole.failures) {
    console.log(`${label}: failed: ${name}`)
    if (firstLine(why)) console.log(`  ${firstLine(why)}`)
  }
  console.log(`${label}: passed ${whole.passed}, failed ${whole.failures.length}, skipped ${whole.skipped}`)
  return whole
}

const all = process.argv.slice(2).map(argument => {
  const [label = '', exitCode, ...files] = argument.split('=')
  return sum(label, Number(exitCode), files)
})
const passed = all.reduce((total, count) => total + count.passed, 0)
const failed = all.reduce((total, { failures }) => total + failures.length, 0)
const skipped = all.reduce((total, count) => total + count.skipped, 0)

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
if (failed > 0 || passed === 0) process.exitCode = 1
