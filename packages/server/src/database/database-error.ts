/** asDatabaseError: what a driver throws, as a StoreError that says whose turn it is. */
import { KeyturnError, StoreError } from 'keyturn'

/** PostgreSQL: 28… credentials, 42501 privileges. */
const denied = /^(28\w{3}|42501|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM)$/
const full = /^(SQLITE_FULL|53100|ENOSPC|EDQUOT)$/
/** PostgreSQL says it of a standby. */
const readOnly = /^(SQLITE_READONLY\w*|25006|EROFS)$/
const invalid = /^SQLITE_(NOTADB|CORRUPT\w*)$/
/** PostgreSQL: the server is there, the database is not. */
const missing = /^3D000$/
/** Somebody else changed the row first: the caller reads again. */
const serialization = /^(40001|40P01)$/

/** Errors of Keyturn stay what they are. The driver's text may quote a connection string, so it is not passed on. */
export function asDatabaseError(error: unknown, name: string): KeyturnError {
  if (error instanceof KeyturnError) return error
  if (isMistake(error)) return new KeyturnError('ERR_HUB_INTERNAL', undefined, { cause: error })
  const code = codeOf(error)
  if (denied.test(code)) return new StoreError('ERR_STORE_DENIED', `${name} refuses access (${code})`)
  if (full.test(code)) return new StoreError('ERR_STORE_FULL', `${name}: the disk is full`)
  if (readOnly.test(code)) return new StoreError('ERR_STORE_READ_ONLY', `${name} cannot be written to`)
  if (invalid.test(code)) return new KeyturnError('ERR_HUB_DATABASE', `${name} is damaged, or no database`)
  if (missing.test(code))
    return new KeyturnError('ERR_HUB_DATABASE', `${name} does not exist: create the database first`)
  return new StoreError('ERR_STORE_UNREACHABLE', `${name} does not answer (${code})`, {
    cause: nameOf(error),
  })
}

/** What no driver throws: it must not look like a database that is away. */
const isMistake = (error: unknown): boolean =>
  [TypeError, RangeError, ReferenceError, SyntaxError].some(kind => error instanceof kind)

/** Whether trying the transaction again may help. */
export const isSerializationFailure = (error: unknown): boolean => serialization.test(codeOf(error))

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string') return code
  return error instanceof Error ? error.name : 'unknown'
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')
