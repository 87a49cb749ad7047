/** listenForStop: Ctrl-C and its relatives, as a promise. */

/** npm passes a Ctrl-C on that the terminal has sent already: so near, it is the same one. */
const sameWithin = 500

export interface StopSignals {
  /** The first signal. */
  readonly first: Promise<NodeJS.Signals>
  /** Calls back at a second one: somebody is in a hurry. */
  onSecond(hurry: () => void): void
}

/** SIGINT, SIGTERM, SIGHUP, and an output that nobody reads any more. */
export function listenForStop(): StopSignals {
  let firstAt: number | undefined
  let hurry = (): void => undefined
  const first = new Promise<NodeJS.Signals>(resolve => {
    const heard = (signal: NodeJS.Signals): void => {
      if (firstAt === undefined) {
        firstAt = performance.now()
        resolve(signal)
      } else if (performance.now() - firstAt > sameWithin) hurry()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard)
    for (const stream of [process.stdout, process.stderr])
      // A pipe that was closed, or a terminal that is gone. What is left must still be cleaned up.
      stream.on('error', () => heard('SIGPIPE'))
  })
  return {
    first,
    onSecond(callback) {
      hurry = callback
    },
  }
}
