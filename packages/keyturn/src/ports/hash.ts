/** hashOf, expectedOf: what a writer believes a store holds. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../ring/canonical.ts'
import type { AuditEntry, RingDocument } from '../ring/document.ts'
import type { Expected } from './ring-store.ts'

/** SHA-256 of the canonical JSON of a document or an audit entry, base64url. */
export const hashOf = (value: RingDocument | AuditEntry): string =>
  createHash('sha256').update(canonicalJson(value)).digest('base64url')

/** What a swap expects, from the document it read. */
export const expectedOf = (document: RingDocument): Expected => ({
  epoch: document.epoch,
  generation: document.generation,
  hash: hashOf(document),
})

/** Whether a store's document is the one expected. */
export function isExpected(expected: Expected, found: RingDocument): boolean {
  const { epoch, generation, hash } = expectedOf(found)
  return expected.epoch === epoch && expected.generation === generation && expected.hash === hash
}
