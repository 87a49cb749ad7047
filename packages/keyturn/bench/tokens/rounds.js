/** Timing: contestants take turns in rounds of random order, so that a busy moment of the machine falls on all alike. */
// @ts-check
import { randomInt } from 'node:crypto'
import { prefixLength, sampleSize } from './sample-tokens.js'

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(count: number) => boolean | Promise<boolean>} batch does it so many times: whether all came out as expected
 * @property {'wall' | 'cpu'} clock
 */
/** @typedef {import('./sample-tokens.js').Claims} Claims */
/** @typedef {{ rounds: number, warmUp: number, sample: number }} Effort milliseconds to warm up, and of one sample */
/** @typedef {Map<string, number[]>} Times nanoseconds for one operation, by contestant and round */

const mask = sampleSize - 1

/** How many operations of an asynchronous library are under way at a time. */
const inFlight = 64

/**
 * @param {string} name
 * @param {readonly string[]} bearers
 * @param {(token: string) => unknown} verify gives back something true for what is expected
 * @param {Contestant['clock']} [clock]
 * @returns {Contestant}
 */
export function verifying(name, bearers, verify, clock = 'wall') {
  let next = 0 // goes on from batch to batch: a cache meets every token equally often
  return {
    name,
    clock,
    batch: count => {
      for (let left = count; left > 0; left--) {
        const bearer = /** @type {string} */ (bearers[next++ & mask])
        if (!verify(bearer.slice(prefixLength))) return false
      }
      return true
    },
  }
}

/**
 * @param {string} name
 * @param {readonly Claims[]} claims
 * @param {(claims: Claims) => string} sign
 * @param {Contestant['clock']} [clock]
 * @returns {Contestant}
 */
export function signing(name, claims, sign, clock = 'wall') {
  let next = 0
  return {
    name,
    clock,
    batch: count => {
      for (let left = count; left > 0; left--) {
        const token = sign(/** @type {Claims} */ (claims[next++ & mask]))
        // V8 joins strings when somebody reads them. Whoever sends a token pays for that, so it is part of signing.
        if (!token.charCodeAt(token.length - 1)) return false
      }
      return true
    },
  }
}

/**
 * An asynchronous library, with many operations under way. Its CPU time counts, on all threads.
 * @template Input
 * @param {string} name
 * @param {readonly Input[]} inputs
 * @param {(input: Input) => Promise<unknown>} run
 * @returns {Contestant}
 */
export function manyInFlight(name, inputs, run) {
  let next = 0
  return {
    name,
    clock: 'cpu',
    batch: async count => {
      const end = next + count
      let fine = true
      const lane = async () => {
        while (next < end) if (!(await run(/** @type {Input} */ (inputs[next++ & mask])))) fine = false
      }
      await Promise.all(Array.from({ length: inFlight }, lane))
      return fine
    },
  }
}

/** @param {readonly Contestant[]} contestants @param {Effort} effort @returns {Promise<Times>} */
export async function timeInTurns(contestants, effort) {
  /** @type {Times} */
  const times = new Map(contestants.map(({ name }) => [name, []]))
  /** @type {Map<Contestant, number>} */
  const counts = new Map()
  for (const each of contestants) counts.set(each, await calibrate(each, effort))
  for (let round = 0; round < effort.rounds; round++) {
    for (const each of shuffled(contestants)) {
      const count = counts.get(each) ?? 1
      times.get(each.name)?.push((await milliseconds(each, count)) * (1e6 / count))
    }
  }
  return times
}

/** Warms up, and finds how many operations make one sample. @param {Contestant} contestant @param {Effort} effort */
async function calibrate(contestant, { warmUp, sample }) {
  const wanted = contestant.clock === 'cpu' ? sample * 5 : sample // 64 in flight come and go: a longer look
  const end = performance.now() + warmUp
  let count = sampleSize // each token once, at least: caches are full then
  let took = await milliseconds(contestant, count)
  while (performance.now() < end) took = await milliseconds(contestant, (count = fit(count, took, wanted)))
  return fit(count, took, wanted)
}

/** @param {number} count @param {number} took @param {number} wanted milliseconds both */
const fit = (count, took, wanted) => Math.max(16, Math.round((count * wanted) / Math.max(took, 0.1)))

/** @param {Contestant} contestant @param {number} count */
async function milliseconds({ name, batch, clock }, count) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const pending = batch(count)
  const fine = typeof pending === 'boolean' ? pending : await pending // an await takes time
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  if (!fine) throw new Error(`${name}: another result than expected while it was timed`)
  return clock === 'cpu' ? (user + system) / 1000 : wall
}

/** @template T @param {readonly T[]} items @returns {T[]} */
function shuffled(items) {
  const all = [...items]
  for (let last = all.length - 1; last > 0; last--) {
    const other = randomInt(last + 1)
    ;[all[last], all[other]] = [/** @type {T} */ (all[other]), /** @type {T} */ (all[last])]
  }
  return all
}
