/** Draws that a seed repeats. */
// @ts-check
import { keystream } from '../keystream.js'

/**
 * @param {string} seed
 * @returns {{ bytes: (size: number) => Buffer, below: (limit: number) => number }} `below` for limits up to 2^32
 */
export function draw(seed) {
  const bytes = keystream(seed)
  return { bytes, below: limit => Math.floor((bytes(4).readUInt32BE() / 2 ** 32) * limit) }
}
