/** patiently: tries again what could not be done just now, later each time, and not for ever. */

/** What an attempt answers that should be made again. */
export class Later {
  /** Seconds that the server asked to wait. */
  readonly retryAfter: number | undefined

  constructor(retryAfter?: number) {
    this.retryAfter = retryAfter
  }
}

export interface PatiencePorts {
  /** Rejects when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** From 0 to 1. */
  random(): number
  /** Told when a wait begins and when the last one is over. */
  waiting(isWaiting: boolean): void
}

export interface PatienceOptions {
  /** Milliseconds of waiting in all. @default 30_000 */
  readonly budget?: number
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds before try number `attempt` (from 1). Never earlier than the server asked for. */
export function waitBefore(attempt: number, retryAfter: number | undefined, random: () => number): number {
  const base = retryAfter === undefined ? Math.min(8_000, 250 * 2 ** attempt) : retryAfter * 1000
  // After an outage everybody waits for the same moment.
  return Math.round(base + random() * Math.max(250, base * 0.5))
}

/** The result, or `Later` when the patience is at its end. */
export async function patiently<Result>(
  attempt: () => Promise<Result | Later>,
  ports: PatiencePorts,
  { budget = 30_000, signal }: PatienceOptions = {},
): Promise<Result | Later> {
  let waited = 0
  try {
    for (let number = 1; ; number++) {
      const result = await attempt()
      if (!(result instanceof Later)) return result
      const wait = waitBefore(number, result.retryAfter, ports.random)
      if (waited + wait > budget) return result
      if (waited === 0) ports.waiting(true)
      waited += wait
      await ports.sleep(wait, signal)
    }
  } finally {
    if (waited > 0) ports.waiting(false)
  }
}

/** Seconds that a Retry-After header asks for; undefined when it says nothing useful. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}
