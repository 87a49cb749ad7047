/** ApiError: the backend refused, or could not be reached. */
import type { ApiAnswer } from './transport.ts'

export class ApiError extends Error {
  override name = 'ApiError'
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** As in the backend's table, or `ERR_UNREACHABLE`, `ERR_SIGNED_OUT`, `ERR_UNKNOWN`. */
  readonly code: string
  /** Names of the fields that were refused. */
  readonly fields: readonly string[]
  /** Seconds. */
  readonly retryAfter: number | undefined

  constructor(status: number, code: string, fields: readonly string[] = [], retryAfter?: number) {
    super(code)
    this.status = status
    this.code = code
    this.fields = fields
    this.retryAfter = retryAfter
  }
}

/** The error in a problem document. */
export function errorIn({ status, body, retryAfter }: ApiAnswer): ApiError {
  const { code, fields } = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: unknown
    fields?: unknown
  }
  const names = Array.isArray(fields)
    ? fields.flatMap((each: { field?: unknown } | null) =>
        typeof each?.field === 'string' ? [each.field] : [],
      )
    : []
  const known = typeof code === 'string' ? code : status === 0 ? 'ERR_UNREACHABLE' : 'ERR_UNKNOWN'
  return new ApiError(status, known, names, retryAfter)
}
