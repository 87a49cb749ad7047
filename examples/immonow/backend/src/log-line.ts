/** One JSON line on stderr, for what happens outside of requests. */

/** An event as Keyturn reports it, or one of our own. */
export interface LogEvent {
  readonly level: string
  readonly event: string
  readonly [field: string]: unknown
}

const order = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Writes events of at least this level. */
export function lineLogger(lowest: string): (event: LogEvent) => void {
  return ({ level, event, ...fields }) => {
    if (order.indexOf(level) < order.indexOf(lowest)) return
    const line = { time: new Date().toISOString(), level, pid: process.pid, event, ...fields }
    process.stderr.write(`${JSON.stringify(line)}\n`)
  }
}
