/** Opaque secrets: 256 random bits, of which the database holds only the SHA-256. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** 43 characters of base64url. */
export const opaqueSecret = (): string => randomBytes(32).toString('base64url')

/** SHA-256, base64url: the secret has 256 bits, so nothing slower is needed. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Another secret that follows from this one, and from which this one does not follow. */
export const derivedFrom = (secret: string, purpose: string): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url')

/** Whether the secret is the one with that digest, in the same time for every wrong one. */
export function fits(secret: string, digest: string): boolean {
  const found = Buffer.from(digestOf(secret))
  const expected = Buffer.from(digest)
  return found.length === expected.length && timingSafeEqual(found, expected)
}
