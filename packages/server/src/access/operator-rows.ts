/** Names of operators, and what their rows have in common for everybody who changes them. */
import { KeyturnError } from 'keyturn'

/** Counted up first in every transaction that changes who is an admin, so that they come one after the other. */
export const operatorsRevision = 'operators-revision'

const nameForm = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** Names differ in more than capitals and spaces around them. */
export const normalName = (name: string): string => name.trim().toLowerCase()

/** @throws {KeyturnError} ERR_REQUEST_INVALID */
export function operatorName(name: string): string {
  const normal = normalName(name)
  if (nameForm.test(normal)) return normal
  throw new KeyturnError(
    'ERR_REQUEST_INVALID',
    'the name of an operator is 1 to 64 letters a to z, digits, dots, dashes and underscores, the first a letter or digit',
  )
}
