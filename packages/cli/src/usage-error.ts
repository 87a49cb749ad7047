/** usageError: a mistake in how the command was called. */
import { KeyturnError } from 'keyturn'

/** Exit 2. */
export const usageError = (message: string): KeyturnError => new KeyturnError('ERR_USAGE', message)
