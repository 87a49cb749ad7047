/** The kid of a secret. */
import { createHmac } from 'node:crypto'

/**
 * The kid that every store, instance and language computes for a secret: the first 16 characters of
 * base64url(HMAC-SHA-256(secret, "keyturn/kid/v1")). One kid can never name two secrets.
 */
export function kidOf(secret: string): string {
  return createHmac('sha256', secret).update('keyturn/kid/v1').digest('base64url').slice(0, 16)
}
