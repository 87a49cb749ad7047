/** What a document says of a key. Written for the checks, not taken from what they check. */
import type { RingDocument, RingKey } from '../../src/ring/document.ts'

export const keyOf = (document: RingDocument, kid: string): RingKey | undefined =>
  document.keys.find(key => key.kid === kid)

/** Empty for a document without an active key. */
export const activeKidOf = (document: RingDocument): string =>
  document.keys.find(key => key.state === 'active')?.kid ?? ''

/** Whether tokens of that key are accepted. @param now epoch seconds; default: whatever the time */
export const isTrusted = (key: RingKey | undefined, now = -Infinity): boolean =>
  key?.state === 'active' ||
  key?.state === 'staged' ||
  (key?.state === 'retiring' && now < (key.verifyUntil ?? Infinity))

/** Whether somebody took the key away on purpose. */
export const isRevoked = (key: RingKey | undefined): boolean =>
  key?.state === 'suspended' || key?.state === 'compromised'

export const numberOf = ({ epoch, generation }: RingDocument): string => `${epoch}.${generation}`
