/** The application's own errors: one table, and the one class that carries them. RFC 9457. */

interface Entry {
  readonly status: number
  readonly title: string
}

/** Codes are stable: the web front end and tests depend on them. Token errors come from Keyturn's table. */
export const problemTable = {
  ERR_VALIDATION: { status: 400, title: 'Some fields are not valid' },
  ERR_REQUEST: { status: 400, title: 'The request cannot be understood' },
  ERR_BODY_JSON: { status: 400, title: 'The body is not valid JSON' },
  ERR_BODY_TYPE: { status: 415, title: 'The body must be application/json' },
  ERR_BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  ERR_HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  ERR_REQUEST_TIMEOUT: { status: 408, title: 'The request did not arrive in time' },
  ERR_LOGIN_FAILED: { status: 401, title: 'E-mail address or password is wrong' },
  ERR_LOGIN_LIMIT: { status: 429, title: 'Too many failed logins' },
  ERR_REPORT_LIMIT: { status: 429, title: 'Too many reports from this address' },
  ERR_SESSION_MISSING: { status: 401, title: 'There is no login session' },
  ERR_SESSION_UNKNOWN: { status: 401, title: 'The login session has ended' },
  ERR_SESSION_REUSED: { status: 401, title: 'The login session was ended for safety' },
  ERR_SESSION_ENDED: { status: 401, title: 'Token expired' },
  ERR_ACCOUNT_UNKNOWN: { status: 401, title: 'The token belongs to no account' },
  ERR_EMAIL_TAKEN: { status: 409, title: 'This e-mail address has an account already' },
  ERR_NOT_OWNER: { status: 403, title: 'Only the owner may change a listing' },
  ERR_LISTING_NOT_FOUND: { status: 404, title: 'There is no such listing' },
  ERR_ROUTE_NOT_FOUND: { status: 404, title: 'There is nothing at this address' },
  ERR_BUSY: { status: 503, title: 'Too many people are logging in just now' },
  ERR_DATABASE_BUSY: { status: 503, title: 'The database is busy' },
  ERR_NOT_READY: { status: 503, title: 'This instance cannot serve requests' },
  ERR_INTERNAL: { status: 500, title: 'Something went wrong here' },
} as const satisfies Record<string, Entry>

export type ProblemCode = keyof typeof problemTable

/** One field that is not valid. */
export interface FieldProblem {
  /** Where, as `price` or `address.city`; empty for the whole body. */
  readonly field: string
  readonly message: string
}

export interface ProblemDetails {
  /** For people. Never what the client sent. */
  readonly detail?: string | undefined
  /** What the login page should say. */
  readonly reason?: 'expired' | 'security' | undefined
  /** Seconds. */
  readonly retryAfter?: number | undefined
  readonly fields?: readonly FieldProblem[] | undefined
  readonly cause?: unknown
}

/** An error that is an answer. */
export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly details: ProblemDetails

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(problemTable[code].title, { cause: details.cause })
    this.code = code
    this.details = details
  }

  get status(): number {
    return problemTable[this.code].status
  }
}
