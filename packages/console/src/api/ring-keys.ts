/** activeKey, isPast, verifiesAt: what the library says of a key, without its table of errors, which the first load need not bring. */
import type { RingDocument, RingKey } from 'keyturn/ring'

/** A ring has exactly one. */
export const activeKey = ({ keys }: RingDocument): RingKey | undefined =>
  keys.find(({ state }) => state === 'active')

/** @param now epoch seconds */
export const isPast = (moment: number | undefined, now: number): boolean =>
  moment !== undefined && moment <= now

/** @param now epoch seconds */
export const verifiesAt = ({ state, verifyUntil }: RingKey, now: number): boolean =>
  state === 'active' || state === 'staged' || (state === 'retiring' && !isPast(verifyUntil, now))
