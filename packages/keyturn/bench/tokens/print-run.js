/** Prints one run: what it was measured on, the ratios, and the cost of the worst inputs. */
// @ts-check
import { costTable, markdownTable, tokenTable } from './print-table.js'

/** @param {import('./bench-tokens.js').Run} run @param {boolean} markdown */
export function printRun({ machine, results, costs }, markdown) {
  const { date, node, openssl, platform, cpu } = machine
  const libraries = Object.entries(machine.libraries).map(([name, version]) => `${name} ${version}`)
  const measured = `${date}, Node ${node}, OpenSSL ${openssl}, ${platform}, ${cpu}`
  if (markdown) {
    console.log(`${measured}; ${libraries.join(', ')}.\n\n${markdownTable(results)}\n${worst(costs)}`)
    return
  }
  console.log(`keyturn bench, tokens: ${measured}\n${libraries.join(', ')}`)
  if (results.length > 0) {
    console.log(`
HS256, 305 characters and 7 claims unless said otherwise. Nanoseconds for one operation and ratios: median and
p10..p90 of the rounds; a ratio compares two times of the same round.
`)
    console.log(tokenTable(results))
  }
  if (costs.length > 0) {
    console.log(`
The worst inputs against a ring of 32 keys, microseconds by length, median. First: by a verifier that has seen nothing
before. Growth: the time for one character at 8 KiB against 2 KiB.
`)
    console.log(costTable(costs))
  }
  const missed = [...results, ...costs].filter(({ reached }) => reached === false).length
  console.log(`\n${missed === 0 ? 'All gates are reached' : `Gates MISSED: ${missed}`}.\n`)
}

/** @param {readonly import('./cost-bounds.js').Cost[]} costs */
function worst(costs) {
  if (costs.length === 0) return ''
  const most = Math.max(...costs.flatMap(({ ns, first = 0 }) => [first, ...Object.values(ns)])) / 1e6
  const growth = Math.max(...costs.map(({ growth = 0 }) => growth))
  return `\nThe most expensive of ${costs.length} worst inputs: ${most.toFixed(2)} ms. Largest growth of the time for one character: ${growth.toFixed(2)} times.\n`
}
