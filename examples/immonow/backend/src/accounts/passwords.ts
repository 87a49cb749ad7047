/** Passwords: argon2id, queued so that a login storm cannot starve the process. */
import { hash, verify } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'

import { workQueue } from './work-queue.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  /**
   * Whether the password fits. A missing hash costs the same time as a wrong password.
   * @param gate runs when it is this password's turn; what it throws is thrown here
   */
  verify(passwordHash: string | null | undefined, password: string, gate?: () => void): Promise<boolean>
  /** Jobs at work and in line. */
  readonly load: { readonly running: number; readonly waiting: number }
}

/** Least settings of the OWASP password storage cheat sheet for argon2id: 19 MiB, two passes. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/**
 * argon2 runs in the four threads that also read files. At most three may be busy with it, and one core
 * stays free for requests, or watching the ring would wait behind a crowd that logs in.
 */
const concurrency = Math.min(3, Math.max(1, availableParallelism() - 1))

export function passwordHasher(options: { concurrency?: number; limit?: number } = {}): Passwords {
  const queue = workQueue({ concurrency: options.concurrency ?? concurrency, limit: options.limit ?? 500 })
  // Made now, so that the first unknown address takes no longer than the second.
  const dummy = hash(randomBytes(32), cost)

  return {
    hash: password => queue.run(() => hash(normalized(password), cost)),
    verify(passwordHash, password, gate) {
      return queue.run(async () => {
        gate?.()
        const fits = await verify(passwordHash ?? (await dummy), normalized(password))
        return fits && passwordHash != null
      })
    },
    get load() {
      return { running: queue.running, waiting: queue.waiting }
    },
  }
}

/** The same password typed on another keyboard must have the same bytes. NIST SP 800-63B §3.1.1.2. */
const normalized = (password: string): string => password.normalize('NFKC')
