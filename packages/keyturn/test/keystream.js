/** A fixed source of octets that look random: tests of probabilities stay the same in every run. */
// @ts-check
import { createCipheriv, createHash } from 'node:crypto'

/**
 * Octets of the AES-256-CTR keystream of a seed, from where the last call stopped.
 * @param {number | string} seed
 * @returns {(size: number) => Buffer}
 */
export function keystream(seed) {
  const key = typeof seed === 'number' ? Buffer.alloc(32, seed) : createHash('sha256').update(seed).digest()
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  return size => cipher.update(Buffer.alloc(size))
}
