/** Draws that a seed repeats: a keystream of AES-256-CTR. */
// @ts-check
import { createCipheriv, createHash } from 'node:crypto'

/**
 * @param {string} seed
 * @returns {{ bytes: (size: number) => Buffer, below: (limit: number) => number }} `below` for limits up to 2^32
 */
export function draw(seed) {
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(seed).digest(), Buffer.alloc(16))
  const bytes = (/** @type {number} */ size) => cipher.update(Buffer.alloc(size))
  return { bytes, below: limit => Math.floor((bytes(4).readUInt32BE() / 2 ** 32) * limit) }
}
