/** AuthError: who asks is not known, or may not do this. */
import { KeyturnError, type ErrorCode } from 'keyturn'

/** Like every KeyturnError, and says when to try again. */
export class AuthError extends KeyturnError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'AuthError', writable: true, configurable: true })
  }
  /** Seconds after which to try again, with ERR_AUTH_LOCKED. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message?: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(code, message, options)
    this.retryAfter = options?.retryAfter
  }
}
