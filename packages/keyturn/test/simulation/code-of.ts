/** codeOf: the code of an error from the table. */
import { KeyturnError, type ErrorCode } from '../../src/errors.ts'

/** Undefined for an error that nobody planned, and for a document that should never have been made. */
export const codeOf = (error: unknown): ErrorCode | undefined =>
  error instanceof KeyturnError && error.code !== 'ERR_RING_INVALID' ? error.code : undefined
