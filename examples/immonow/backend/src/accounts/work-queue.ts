/** Runs a few jobs at a time and refuses new ones when too many wait. */
import { Problem } from '../http/problem.ts'

export interface WorkQueue {
  /** @throws {Problem} ERR_BUSY when the queue is full */
  run<Result>(job: () => Promise<Result>): Promise<Result>
  readonly running: number
  readonly waiting: number
}

/** @param options.concurrency jobs at a time. @param options.limit jobs that may wait. */
export function workQueue(options: { concurrency: number; limit: number }): WorkQueue {
  const waiting: (() => void)[] = []
  let running = 0

  return {
    async run(job) {
      if (running < options.concurrency) running++
      else if (waiting.length >= options.limit) throw new Problem('ERR_BUSY', { retryAfter: retryAfter() })
      else await new Promise<void>(resolve => waiting.push(resolve))
      try {
        return await job()
      } finally {
        // The slot goes to the next in line directly, so that nobody can slip in between.
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting.length
    },
  }
}

/** Between 2 and 6 seconds: those who were turned away together must not come back together. */
const retryAfter = (): number => 2 + Math.floor(Math.random() * 5)
