/** Times the scenes one after the other, and makes their rows of numbers. */
// @ts-check
import { percentile } from '../percentile.js'
import { timeInTurns } from './rounds.js'
import { scenes } from './scenes.js'

/** @typedef {{ median: number, p10: number, p90: number }} Spread */
/**
 * @typedef {object} Result
 * @property {string} title
 * @property {string} against whom
 * @property {Spread} oursNs nanoseconds for one operation
 * @property {Spread} otherNs
 * @property {Spread} ratio of the two in the same round
 * @property {'times faster' | 'times as long'} meaning
 * @property {string} [gate]
 * @property {boolean} [reached]
 */

/** @param {readonly number[]} values @returns {Spread} */
const spread = values => ({
  median: percentile(values, 0.5),
  p10: percentile(values, 0.1),
  p90: percentile(values, 0.9),
})

/**
 * @param {readonly import('./scenes.js').SceneName[]} names
 * @param {import('./rounds.js').Effort} effort
 * @param {(scene: string) => void} begin called before each scene
 * @returns {Promise<Result[]>}
 */
export async function timeScenes(names, effort, begin) {
  const results = []
  for (const name of names) {
    begin(name)
    const scene = await scenes[name]()
    const times = await timeInTurns(scene.contestants, effort)
    for (const row of scene.rows) results.push(resultOf(row, times))
  }
  return results
}

/** @param {import('./scene.js').Row} row @param {import('./rounds.js').Times} times @returns {Result} */
function resultOf({ title, against, ours, other, meaning, gate }, times) {
  const mine = times.get(ours) ?? []
  const theirs = times.get(other) ?? []
  const perRound = mine.map((time, round) => {
    const rival = theirs[round] ?? NaN
    return meaning === 'times faster' ? rival / time : time / rival
  })
  const ratio = spread(perRound)
  const result = { title, against, oursNs: spread(mine), otherNs: spread(theirs), ratio, meaning }
  if (gate === undefined) return result
  return meaning === 'times faster'
    ? { ...result, gate: `>= ${gate}x`, reached: ratio.median >= gate }
    : { ...result, gate: `<= ${gate}x`, reached: ratio.median <= gate }
}
