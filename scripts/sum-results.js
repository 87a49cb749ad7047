/** Sums results: `sum-results.js LABEL=EXITCODE=FILE…`, each file the JSON of vitest or of check.js. Ends with `N passed, N failed`. */
// @ts-check
import { existsSync, readFileSync } from 'node:fs'

/** Characters of a failure's first line: the whole is in the log above, which may be cut. */
const mostOfWhy = 300

/**
 * @typedef {object} Results of vitest's JSON reporter, or of check.js, which has the last two only
 * @property {{ status: string, name: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[]} [testResults]
 * @property {number} passed
 * @property {number} failed
 */

/**
 * @param {string} label
 * @param {number} exitCode
 * @param {string} file
 */
function count(label, exitCode, file) {
  if (!existsSync(file))
    return { passed: 0, failed: 1, skipped: 0, notes: [`${label} wrote no results (exit code ${exitCode})`] }
  /** @type {Results} */
  const results = JSON.parse(readFileSync(file, 'utf8'))
  let { passed = 0, failed = 0 } = results
  let skipped = 0
  const notes = []
  for (const { status, name, assertionResults } of results.testResults ?? []) {
    for (const test of assertionResults) {
      if (test.status === 'passed') passed += 1
      else if (test.status === 'failed') {
        failed += 1
        notes.push(`${label}: failed: ${test.fullName}`)
        const [why = ''] = (test.failureMessages?.[0] ?? '').split('\n')
        if (why) notes.push(`  ${why.slice(0, mostOfWhy)}`)
      } else skipped += 1
    }
    // A file that does not load has no tests, and a failing hook fails none.
    if (status === 'failed' && !assertionResults.some(test => test.status === 'failed')) {
      failed += 1
      notes.push(`${label}: failed: ${name}`)
    }
  }
  if (failed === 0 && (exitCode !== 0 || passed === 0)) {
    failed += 1
    notes.push(`${label}: ${passed} passed, yet it ended with exit code ${exitCode}`)
  }
  return { passed, failed, skipped, notes }
}

const all = process.argv.slice(2).map(argument => {
  const [label = '', exitCode, ...file] = argument.split('=')
  const counted = count(label, Number(exitCode), file.join('='))
  for (const note of counted.notes) console.log(note)
  const { passed, failed, skipped } = counted
  console.log(`${label}: passed ${passed}, failed ${failed}, skipped ${skipped}`)
  return counted
})

/** @param {'passed' | 'failed' | 'skipped'} what */
const total = what => all.reduce((sum, results) => sum + results[what], 0)

console.log(
  `${total('passed')} passed, ${total('failed')} failed${total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''}`,
)
if (total('failed') > 0 || total('passed') === 0) process.exitCode = 1
