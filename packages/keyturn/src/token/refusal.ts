/** Refusal: why a token is not accepted, as a value. It becomes an error at the public edge only. */
import { TokenError, type ErrorCode } from '../errors.ts'

/** What a refusal may say beside its code. */
export interface RefusalDetails {
  /** Instead of the title of the code. Never with a token, a claim or a MAC in it. */
  readonly message?: string
  /** The key that it is about. */
  readonly kid?: string | undefined
  /** Seconds after which to ask again, with status 503. */
  readonly retryAfter?: number
  /** A newer key set might accept the token: no key of this one can have signed it, or its key may come back. */
  readonly mayChange?: boolean
}

export class Refusal {
  readonly ok = false
  readonly code: ErrorCode
  readonly details: RefusalDetails | undefined

  constructor(code: ErrorCode, details?: RefusalDetails) {
    this.code = code
    this.details = details
  }

  /**
   * The error, without a stack: a token that is refused is no fault of the program, and a stack would take longer
   * than the verification.
   */
  toError(): TokenError {
    const { stackTraceLimit } = Error
    // Where it cannot be set, there is a stack.
    Reflect.set(Error, 'stackTraceLimit', 0)
    const error = new TokenError(this.code, this.details?.message, this.details)
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
    return error
  }
}
