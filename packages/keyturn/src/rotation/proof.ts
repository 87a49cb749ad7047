/** proofOf: that an instance holds a key, for one generation and one instance only. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Lease } from '../ports/lease-board.ts'
import type { RingDocument } from '../ring/document.ts'
import type { Secret } from '../secret/secret.ts'

/** HMAC-SHA-256(key, "keyturn/ack/v1" ‖ ring ‖ epoch ‖ generation ‖ nonce ‖ instance), base64url. */
export function proofOf(secret: Secret, document: RingDocument, instance: string): string {
  const { ring, epoch, generation, nonce } = document
  // A line break occurs in none of the parts, so no two lists of parts give one text.
  const text = ['keyturn/ack/v1', ring, epoch, generation, nonce, instance].join('\n')
  return createHmac('sha256', secret.bytes()).update(text).digest('base64url')
}

/** Whether a lease proves possession of that key in this very generation. */
export function proves(lease: Lease, kid: string, secret: Secret, document: RingDocument): boolean {
  const given = Buffer.from(lease.proofs[kid] ?? '')
  const wanted = Buffer.from(proofOf(secret, document, lease.instance))
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
