/** refuseHalfCharacters: words that people give to a change are text that every store can keep. */
import { RingError } from '../errors.ts'
import type { AuditEntry, RingKey } from '../ring/document.ts'

/** @throws {RingError} ERR_REQUEST_INVALID, naming the field that holds half of a surrogate pair */
export function refuseHalfCharacters(entry: AuditEntry, keys: readonly RingKey[]): void {
  const { reason, actor, action, ring } = entry
  const aliases = keys.flatMap(key => key.aliases ?? []).join(' ')
  const fields = Object.entries({ reason, actor, action, ring, aliases })
  const [wrong] = fields.find(([, text]) => !text.isWellFormed()) ?? []
  if (wrong === undefined) return
  throw new RingError('ERR_REQUEST_INVALID', `${wrong} holds half a character: it is no text`)
}
