/** ownError: an error of another copy of the library as one of this copy. */
import { ConfigError, errorTable, KeyturnError, RingError, StoreError, type ErrorCode } from 'keyturn'

const classes = { ConfigError, RingError, StoreError } as const

/** The package of the hub brings its own copy of the library, whose classes are not these. Others stay as they are. */
export function ownError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof KeyturnError) return error
  const { code, message, name, findings } = error as Error & { code?: unknown; findings?: unknown }
  if (typeof code !== 'string' || !Object.hasOwn(errorTable, code)) return error
  if (Array.isArray(findings) && findings.length > 0)
    return new ConfigError(code as ErrorCode, message, {
      cause: error,
      findings: findings as ConfigError['findings'],
    })
  const Own = classes[name as keyof typeof classes] ?? KeyturnError
  return new Own(code as ErrorCode, message, { cause: error })
}

/** @throws what the work throws, as an error of this copy */
export async function withOwnErrors<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    throw ownError(error)
  }
}
