/** `npm run bench -- tokens`: checks the libraries, times them, prints what came out. */
// @ts-check
import { writeFileSync } from 'node:fs'
import { benchUnderNodes } from './bench-under-nodes.js'
import { checkLibraries } from './check-libraries.js'
import { costBounds } from './cost-bounds.js'
import { describeMachine } from './machine.js'
import { printRun } from './print-run.js'
import { timeScenes } from './time-scenes.js'

/**
 * @typedef {object} Run
 * @property {import('./machine.js').Machine} machine
 * @property {import('./time-scenes.js').Result[]} results
 * @property {import('./cost-bounds.js').Cost[]} costs
 */

/**
 * Many short samples instead of few long ones: a busy neighbour slows a virtual machine down for tenths of a second.
 * On such a one the median ratio of 12 samples of 20 ms varied by 27 % from run to run, of 80 samples of 3 ms by 3 %.
 */
const efforts = {
  quick: { rounds: 50, warmUp: 100, sample: 4, cost: 12 },
  full: { rounds: 250, warmUp: 300, sample: 4, cost: 60 },
}

/**
 * @param {import('./options.js').TokenOptions} options
 * @returns {Promise<number>} exit code
 */
export async function benchTokens(options) {
  const runs = options.nodes.length > 0 ? await benchUnderNodes(options) : [await benchHere(options)]
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(runs, undefined, 2)}\n`)
  const missed = runs
    .flatMap(({ results, costs }) => [...results, ...costs])
    .some(({ reached }) => reached === false)
  return options.gate && missed ? 1 : 0
}

/** @param {import('./options.js').TokenOptions} options @returns {Promise<Run>} */
async function benchHere({ quick, only, markdown }) {
  const effort = quick ? efforts.quick : efforts.full
  const machine = describeMachine()
  await checkLibraries()
  const results = await timeScenes(
    /** @type {import('./scenes.js').SceneName[]} */ (only.filter(part => part !== 'cost-bounds')),
    effort,
    note,
  )
  if (only.includes('cost-bounds')) note('cost-bounds')
  const costs = only.includes('cost-bounds') ? costBounds(effort.cost) : []
  const run = { machine, results, costs }
  printRun(run, markdown)
  return run
}

/** So that nobody takes two silent minutes for a hang. @param {string} part */
function note(part) {
  if (process.stderr.isTTY) process.stderr.write(`  ${part} …\n`)
}
