/** A fixed source of octets that look random: tests of probabilities stay the same in every run. */
import { createCipheriv } from 'node:crypto'

/** Octets of the AES-256-CTR keystream number `seed`, from where the last call stopped. */
export function keystream(seed: number): (size: number) => Buffer {
  const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32, seed), Buffer.alloc(16))
  return size => cipher.update(Buffer.alloc(size))
}
