/** A scene: contestants that are timed in the same rounds, and the ratios that are read from their times. */
// @ts-check

/** @typedef {{ contestants: import('./rounds.js').Contestant[], rows: Row[] }} Scene */

/**
 * @typedef {object} Row
 * @property {string} title what is done
 * @property {string} against whom
 * @property {string} ours name of a contestant
 * @property {string} other name of a contestant
 * @property {'times faster' | 'times as long'} meaning of the ratio
 * @property {number} [gate] the ratio that must be reached, or must not be exceeded
 */

/**
 * How many times as long the other takes.
 * @param {string} title
 * @param {{ ours?: string, other: string, against?: string, gate?: number }} row
 * @returns {Row}
 */
export const faster = (title, { ours = 'keyturn', other, against = other, gate }) => ({
  title,
  against,
  ours,
  other,
  meaning: 'times faster',
  ...(gate === undefined ? {} : { gate }),
})

/**
 * How many times as long as the other ours takes.
 * @param {string} title
 * @param {{ ours?: string, other: string, against?: string, gate: number }} row
 * @returns {Row}
 */
export const asLong = (title, { ours = 'keyturn', other, against = other, gate }) => ({
  title,
  against,
  ours,
  other,
  meaning: 'times as long',
  gate,
})
