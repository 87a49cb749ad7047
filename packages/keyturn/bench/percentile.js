/** percentile: the value below which a part of the values lies. */
// @ts-check

/** @param {readonly number[]} values @param {number} part from 0 to 1 */
export const percentile = (values, part) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN
