/** Log lines of a keyring. None carries a secret or a token. */

export interface LogEvent {
  readonly level: 'info' | 'warn' | 'error'
  /** What happened: `security.weak-secret`, `ring.rotated`, … */
  readonly event: string
  readonly message: string
  readonly [detail: string]: unknown
}

export type Log = (event: LogEvent) => void

/** One line on standard error. */
export const logToStderr: Log = ({ level, event, message }) => {
  process.stderr.write(`keyturn: ${level}: ${event}: ${message}\n`)
}
