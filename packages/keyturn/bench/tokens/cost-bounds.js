/** What the worst inputs cost: bounds in milliseconds, and no input whose cost grows faster than its length. */
// @ts-check
import { createVerifier } from '../../dist/token/index.js'
import { percentile } from '../percentile.js'
import { ring, worstInputs } from './worst-inputs.js'

/**
 * @typedef {object} Cost
 * @property {string} title
 * @property {Record<string, number>} ns median by length in characters
 * @property {number} [first] median of the longest, for a verifier that has seen nothing before
 * @property {number} [growth] of the time for a character, from 2 KiB to 8 KiB
 * @property {string} gate
 * @property {boolean} reached
 */

const kibi = 1024
const lengths = [1, 2, 4, 8].map(size => size * kibi)
const longest = 8 * kibi
const mebi = kibi * kibi

/** Nanoseconds. */
const longestBound = 2e6
const tooLongBound = 1e6
/** Linear is 1, quadratic would be 4. What is over 1 here is noise, and caches that are too small. */
const growthBound = 1.25

/** @param {number} budget milliseconds for each input and length @returns {Cost[]} */
export function costBounds(budget) {
  return [...worstInputs.map(input => costOf(input, budget)), ...tooLong(budget)]
}

/** @param {import('./worst-inputs.js').WorstInput} input @param {number} budget @returns {Cost} */
function costOf({ title, make, options }, budget) {
  const { result } = createVerifier({ keys: ring, ...options })
  const times = timeEach(
    result,
    lengths.map(length => ({ length, text: make(length) })),
    budget,
  )
  const growths = (times.get(longest) ?? []).map((ns, run) => ns / (times.get(2 * kibi)?.[run] ?? NaN) / 4)
  const ns = medians(times)
  const growth = percentile(growths, 0.5)
  const first = firstCall(() => createVerifier({ keys: ring, ...options }).result, make(longest), budget)
  const reached = Math.max(first, ns[longest] ?? NaN) <= longestBound && growth <= growthBound
  return { title, ns, first, growth, gate: `<= ${longestBound / 1e6} ms`, reached }
}

/** Longer than any token may be: refused unread. @param {number} budget @returns {Cost[]} */
function tooLong(budget) {
  const { result } = createVerifier({ keys: ring })
  const good = worstInputs.find(({ title }) => title.endsWith('one long string'))?.make(mebi) ?? ''
  /** @type {Record<string, string>} */
  const texts = { dots: '.'.repeat(mebi), 'beyond ASCII': 'é'.repeat(mebi), 'right MAC': good }
  return Object.entries(texts).map(([title, text]) => {
    const ns = medians(timeEach(result, [{ length: mebi, text }], budget))
    return {
      title: `1 MiB: ${title}`,
      ns,
      gate: `<= ${tooLongBound / 1e6} ms`,
      reached: (ns[mebi] ?? NaN) <= tooLongBound,
    }
  })
}

/**
 * The lengths take turns, so that a busy moment of the machine falls on all alike.
 * @param {(token: string) => unknown} verify
 * @param {readonly { length: number, text: string }[]} inputs
 * @param {number} budget
 * @returns {Map<number, number[]>} nanoseconds by length
 */
function timeEach(verify, inputs, budget) {
  /** @type {Map<number, number[]>} */
  const times = new Map(inputs.map(({ length }) => [length, []]))
  const padded = inputs.map(({ length, text }) => ({ length, text: flat(` ${text}`) }))
  const start = performance.now()
  const warm = budget * inputs.length * 0.4
  for (let run = 0; run < 20 || performance.now() - start < warm + budget * inputs.length; run++) {
    const isWarm = run >= 10 && performance.now() - start > warm
    for (const { length, text } of padded) {
      const took = nanoseconds(verify, text.slice(1))
      if (isWarm) times.get(length)?.push(took)
    }
  }
  return times
}

/**
 * What a verifier learns from the first token of a kind would hide what that token cost.
 * @param {() => (token: string) => unknown} makeVerify
 * @param {string} text
 * @param {number} budget
 * @returns {number} nanoseconds
 */
function firstCall(makeVerify, text, budget) {
  const padded = flat(` ${text}`)
  const times = []
  const start = performance.now()
  while (times.length < 20 || performance.now() - start < 2 * budget) {
    const verify = makeVerify()
    times.push(nanoseconds(verify, padded.slice(1)))
  }
  return percentile(times, 0.5)
}

/** @param {(token: string) => unknown} verify @param {string} token one that nobody has hashed yet */
function nanoseconds(verify, token) {
  const before = process.hrtime.bigint()
  verify(token)
  return Number(process.hrtime.bigint() - before)
}

/** Joined for good: V8 would join it in the first call that is timed. Lone surrogates stay as they are. @param {string} text */
const flat = text => Buffer.from(text, 'utf16le').toString('utf16le')

/** @param {Map<number, number[]>} times */
const medians = times => Object.fromEntries([...times].map(([length, ns]) => [length, percentile(ns, 0.5)]))
