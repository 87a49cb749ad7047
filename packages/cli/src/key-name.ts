/** keyName: how messages name the key of a secret. */
import { checkSecret, kidOf } from 'keyturn'

/** Undefined for a weak secret: its kid would let anybody try guesses against it. */
export const kidToShow = (text: string): string | undefined =>
  checkSecret(text).ok ? kidOf(text) : undefined

/** `the key Zp81…`, or that it is weak. */
export function keyName(text: string): string {
  const kid = kidToShow(text)
  return kid === undefined ? 'a weak key' : `the key ${kid}`
}
