/** problemOf: every error of the API as a problem document. RFC 9457. */
import { ConfigError, errorTable, KeyturnError, RingError, TokenError, type ErrorEntry } from 'keyturn'

/** `application/problem+json`, with the code of the one table. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fix: string
  readonly requestId: string
  /** Why a person's token was refused, for its front end. */
  readonly reason?: 'expired' | 'security'
  readonly findings?: readonly unknown[]
}

/** A ring that was set back is not handed out: to whoever asks for it the hub is unavailable. */
export class HaltedError extends RingError {
  constructor(why: string) {
    super('ERR_RING_REGRESSED', why)
  }
}

/** Where the table names no status: what the exit code means, in HTTP. */
const byExit: Readonly<Record<ErrorEntry['exit'], number>> = {
  1: 500,
  2: 400,
  3: 400,
  4: 403,
  5: 404,
  6: 409,
  7: 503,
  8: 500,
}

export interface Shown {
  readonly problem: Problem
  /** Seconds, for Retry-After. */
  readonly retryAfter: number | undefined
  /** The hub's own fault: its log says more than its answer. */
  readonly isInternal: boolean
}

/** What a client is told. An error that is not Keyturn's is the hub's mistake, and its text stays in the log. */
export function problemOf(error: unknown, requestId: string): Shown {
  const known = error instanceof KeyturnError ? error : asKeyturnError(error)
  const entry: ErrorEntry = errorTable[known.code]
  const status = statusOf(known, entry)
  const findings = known instanceof ConfigError ? known.findings : []
  return {
    problem: {
      type: `urn:keyturn:error:${known.code}`,
      title: entry.title,
      status,
      code: known.code,
      detail: known.message,
      fix: known.fix,
      requestId,
      ...(known instanceof TokenError &&
        status === 401 && { reason: known.code === 'ERR_KEY_COMPROMISED' ? 'security' : 'expired' }),
      ...(findings.length > 0 && { findings }),
    },
    retryAfter: retryAfterOf(known, status),
    isInternal: known.code === 'ERR_HUB_INTERNAL',
  }
}

function statusOf(error: KeyturnError, entry: ErrorEntry): number {
  const { code } = error
  // An instance that may not start with a ring can only come again.
  if (error instanceof HaltedError) return 503
  // A database that refuses the hub is nothing that the client may not do.
  if (code === 'ERR_STORE_DENIED' || code === 'ERR_STORE_FULL' || code === 'ERR_STORE_READ_ONLY') return 503
  return entry.status ?? byExit[entry.exit]
}

/** Seconds after which an answer may be another one. */
const again = 2

function retryAfterOf(error: KeyturnError, status: number): number | undefined {
  const given = (error as { readonly retryAfter?: unknown }).retryAfter
  if (typeof given === 'number') return given
  return status === 503 ? again : undefined
}

/** What Fastify says of a request that is not right. */
function asKeyturnError(error: unknown): KeyturnError {
  const { statusCode, code, message } = error as { statusCode?: unknown; code?: unknown; message?: unknown }
  const isRequest = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
  if (!isRequest) return new KeyturnError('ERR_HUB_INTERNAL')
  // The parser's message can quote the body, and a body may hold a secret.
  const text =
    code === 'FST_ERR_VALIDATION' && typeof message === 'string'
      ? message
      : (said[String(code)] ?? 'the request cannot be read')
  return new KeyturnError('ERR_REQUEST_INVALID', text)
}

const said: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is too large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the body must be application/json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty; send a JSON object',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not JSON',
  FST_ERR_BAD_URL: 'the address is not percent-encoded as it should be',
  FST_ERR_MAX_PARAM_LENGTH: 'a part of the address is too long',
  HPE_HEADER_OVERFLOW: 'the address and the headers are too long',
  ERR_HTTP_REQUEST_TIMEOUT: 'the request did not arrive in time',
}
