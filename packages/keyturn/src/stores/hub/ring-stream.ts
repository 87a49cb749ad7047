/** RingStream: a hub's announcements, opened again whenever they end. Hints only, so nothing here is an error. */
import { randomInt } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import { EventParser, type ServerEvent } from './event-parser.ts'
import type { HubConnection } from './hub-connection.ts'
import { retryAfterOf } from './retry-after.ts'

/** Milliseconds between the heartbeats of a hub. */
const heartbeat = 15_000
/** Of three heartbeats at least one arrives, or nobody is there. */
const mostSilence = 3 * heartbeat
const firstWait = 1_000
const mostWait = 30_000
const mostRetryAfter = 3_600_000

/** How one stream ended. */
interface Ended {
  /** It was open for a heartbeat. A server that hangs up at once is one that cannot. */
  readonly lived: boolean
  /** Milliseconds to wait at least. */
  readonly wait: number
}

export interface RingStreamOptions {
  readonly connection: HubConnection
  readonly path: string
  readonly clock: Clock
  /** The data of an event `ring`. */
  readonly onRing: (data: string) => void
}

export class RingStream {
  readonly #options: RingStreamOptions
  #failures = 0
  #isStopped = false
  #cut = new AbortController()
  #stopTimer: () => void = () => undefined

  constructor(options: RingStreamOptions) {
    this.#options = options
    void this.#go()
  }

  /** Closes the socket at once, for good. */
  stop(): void {
    this.#isStopped = true
    this.#stopTimer()
    this.#cut.abort()
  }

  async #go(): Promise<void> {
    this.#cut = new AbortController()
    const { lived, wait } = await this.#follow(this.#cut.signal)
    if (this.#isStopped) return
    this.#failures = lived ? 0 : this.#failures + 1
    // Full jitter: a fleet that lost its hub does not come back all at once.
    const jitter = randomInt(Math.min(mostWait, firstWait * 2 ** Math.min(this.#failures, 10)))
    this.#after(wait + jitter, () => void this.#go())
  }

  /** In place of the timer before. */
  #after(milliseconds: number, action: () => void): void {
    this.#stopTimer()
    this.#stopTimer = this.#options.clock.later(milliseconds, action)
  }

  async #follow(signal: AbortSignal): Promise<Ended> {
    const { connection, path, clock } = this.#options
    let openedAt = Infinity
    let wait = 0
    const cut = (): void => this.#cut.abort()
    this.#after(connection.timeout, cut)
    try {
      const response = await connection.open(path, signal)
      const { statusCode, headers } = response
      const isStream = headers['content-type']?.startsWith('text/event-stream') === true
      if (statusCode === 200 && isStream) {
        openedAt = clock.monotonic()
        const parser = new EventParser()
        this.#after(mostSilence, cut)
        for await (const piece of response.setEncoding('utf8') as AsyncIterable<string>) {
          this.#after(mostSilence, cut)
          parser.push(piece).forEach(event => this.#take(event))
        }
      }
      // A token that is refused may be renewed in its file.
      const isRefused = statusCode === 401 || statusCode === 403
      wait = retryAfterOf(headers, clock.now(), mostRetryAfter) ?? (isRefused ? mostWait : 0)
    } catch {
      // Broken, silent, or stopped: the next one tells what this one did not.
    } finally {
      this.#stopTimer()
      this.#cut.abort()
    }
    return { lived: clock.monotonic() - openedAt >= heartbeat, wait }
  }

  #take({ type, data }: ServerEvent): void {
    if (type === 'ring' && !this.#isStopped) this.#options.onRing(data)
  }
}
