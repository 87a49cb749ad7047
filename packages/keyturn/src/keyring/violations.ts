/** Violations: security events, rate-limited so that an attacker cannot fill a disk with them. */
import type { ErrorCode } from '../errors.ts'
import type { KeyringEvents } from './events.ts'

/** What no honest client sends. */
const codes: ReadonlySet<ErrorCode> = new Set([
  'ERR_TOKEN_SIGNATURE',
  'ERR_TOKEN_ALGORITHM',
  'ERR_KEY_COMPROMISED',
])
const interval = 10_000

export class Violations {
  readonly #last = new Map<ErrorCode, { at: number; suppressed: number }>()
  readonly #emit: (event: KeyringEvents['security.violation']) => void

  constructor(emit: (event: KeyringEvents['security.violation']) => void) {
    this.#emit = emit
  }

  /** @param now monotonic milliseconds */
  note(code: ErrorCode, kid: string | undefined, now: number): void {
    if (!codes.has(code)) return
    const last = this.#last.get(code)
    if (last && now - last.at < interval) {
      last.suppressed += 1
      return
    }
    this.#last.set(code, { at: now, suppressed: 0 })
    this.#emit({ code, count: 1 + (last?.suppressed ?? 0), ...(kid !== undefined && { kid }) })
  }
}
