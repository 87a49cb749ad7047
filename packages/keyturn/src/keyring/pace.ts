/** paceOf: how often a live ring reads its store and shows itself. Milliseconds. */
import type { Limits } from '../ring/document.ts'

const defaultPoll = 2_000
const mostHeartbeat = 10_000
/** Without a sign of life for this long, or for two polls, a process is taken to have stood still. */
const leastStandstill = 5_000

export interface Pace {
  readonly poll: number
  readonly heartbeat: number
  /** Longest time between two signs of life of a process that runs. */
  readonly quiet: number
}

/** Shorter where the ring's own durations are short, so that four in a row must fail before it matters. */
export function paceOf({ maxStale, lease }: Limits, pollEvery: number = defaultPoll): Pace {
  const atMost = (milliseconds: number): number => Math.min(milliseconds, maxStale * 250, lease * 250)
  const poll = atMost(pollEvery)
  const quiet = Math.min(Math.max(leastStandstill, 2 * poll), maxStale * 500, lease * 1000)
  return { poll, heartbeat: atMost(mostHeartbeat), quiet }
}
