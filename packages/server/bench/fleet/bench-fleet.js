/** benchFleet: one hub, ever more instances. What each size costs, and how soon it knows. */
// @ts-check
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { benchForwardAuth } from './forward-auth.js'
import { startFleet } from './running-fleet.js'

const megabyte = 1_048_576
/** The targets, at 5,000 instances. */
const targets = { memory: 150, told: 250, storm: 10_000, forwardAuth: 0.8 }

/** @typedef {{ instances: number, memory: number, toldMedian: number, toldWorst: number, heldMedian: number, heldWorst: number, storm: number, stormReads: number, idleReads: number }} Row */

/**
 * @param {{ sizes: number[], changes: number, gate: boolean, json: boolean }} options
 * @returns {Promise<number>} exit code
 */
export async function benchFleet({ sizes, changes, gate, json }) {
  const rows = []
  for (const size of sizes) {
    process.stderr.write(`bench: ${size} instances\n`)
    rows.push(await measure(size, changes))
  }
  process.stderr.write('bench: forward-auth\n')
  const forwardAuth = await benchForwardAuth()
  if (json) console.log(JSON.stringify({ rows, forwardAuth }))
  else print(rows, forwardAuth)
  const missed = missedBy(rows.at(-1), forwardAuth.ratio)
  for (const each of missed) process.stderr.write(`bench: missed: ${each}\n`)
  return gate && missed.length > 0 ? 1 : 0
}

/** @param {number} size @param {number} changes @returns {Promise<Row>} */
async function measure(size, changes) {
  const fleet = await startFleet()
  try {
    const idle = await fleet.usage()
    await fleet.join(size)
    await pause(1_000)
    const loaded = await fleet.usage()
    const told = []
    const held = []
    for (let round = 0; round < changes; round += 1) {
      const { committedAt, toldAt, heldAt } = await fleet.change()
      told.push(toldAt - committedAt)
      held.push(heldAt - committedAt)
      await pause(100)
    }
    const after = await fleet.usage()
    const quiet = await fleet.usage()
    await pause(2_000)
    const idleReads = ((await fleet.usage()).reads - quiet.reads) / 2
    const { took, reads } = await fleet.storm()
    return {
      instances: size,
      memory: (Math.max(loaded.rss, after.rss) - idle.rss) / megabyte,
      toldMedian: percentile(told, 0.5),
      toldWorst: percentile(told, 0.99),
      heldMedian: percentile(held, 0.5),
      heldWorst: percentile(held, 0.99),
      storm: took,
      stormReads: (reads * 1_000) / took,
      idleReads,
    }
  } finally {
    await fleet.stop()
  }
}

/** @param {readonly number[]} values @param {number} share */
function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
}

/** @param {readonly Row[]} rows @param {{ ratio: number, bare: number, forwardAuth: number }} forwardAuth */
function print(rows, forwardAuth) {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  const versions = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} x ${model}`
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${versions}; one hub on SQLite, instances in two processes.\n`,
  )
  const header = [
    'instances',
    'memory above idle, MB',
    'last one told, ms: median, p99',
    'all have acknowledged, ms: median, p99',
    'reconnect of all, s',
    'store reads a second: idle, reconnect',
  ]
  console.log(`| ${header.join(' | ')} |\n|${header.map(() => ' ---: |').join('')}`)
  for (const row of rows)
    console.log(
      `| ${row.instances.toLocaleString('en')} | ${row.memory.toFixed(0)} | ${row.toldMedian.toFixed(0)}, ${row.toldWorst.toFixed(0)} | ${row.heldMedian.toFixed(0)}, ${row.heldWorst.toFixed(0)} | ${(row.storm / 1_000).toFixed(1)} | ${row.idleReads.toFixed(1)}, ${row.stormReads.toFixed(1)} |`,
    )
  const { ratio, bare, forwardAuth: rate } = forwardAuth
  console.log(
    `\nforward-auth: ${rate.toFixed(0)} requests a second, a bare Fastify route ${bare.toFixed(0)}: ${(ratio * 100).toFixed(0)} %.`,
  )
}

/** @param {Row | undefined} row @param {number} ratio @returns {string[]} */
function missedBy(row, ratio) {
  const missed = []
  if (row && row.memory > targets.memory)
    missed.push(`${row.memory.toFixed(0)} MB above idle, at most ${targets.memory}`)
  if (row && row.toldWorst > targets.told)
    missed.push(`the last instance is told after ${row.toldWorst.toFixed(0)} ms, at most ${targets.told}`)
  if (row && row.storm > targets.storm)
    missed.push(`a reconnect takes ${row.storm.toFixed(0)} ms, at most ${targets.storm}`)
  if (ratio < targets.forwardAuth)
    missed.push(
      `forward-auth is ${(ratio * 100).toFixed(0)} % of a bare route, at least ${targets.forwardAuth * 100}`,
    )
  return missed
}
