/** openLive: the ring of a hub, or, while the hub is away, the last one that an earlier process held. */
import { StoreError } from '../errors.ts'
import { systemClock } from '../ports/clock.ts'
import type { LiveSource } from '../ports/live-source.ts'
import type { Ring } from '../ports/ring-store.ts'
import type { VariableNames } from '../stores/ring-variables.ts'
import { checkRing } from './check-ring.ts'
import type { Log } from './log.ts'

/** `confirmedAt`: from a snapshot, confirmed by its store at that time, epoch milliseconds. */
interface Opened {
  readonly ring: Ring
  readonly confirmedAt?: number
}

/**
 * A snapshot helps only where the store does not answer: one that refuses has said something.
 * @throws {StoreError} ERR_STORE_MISSING, ERR_STORE_DENIED; ERR_STORE_UNREACHABLE without a snapshot that is young enough
 */
export async function openLive(source: LiveSource, names: VariableNames, log: Log): Promise<Opened> {
  const opened = await source.store.read().then(
    ring => ({ ring }),
    (error: unknown) => fromSnapshot(source, error, log),
  )
  const { ring } = opened
  if (!ring) throw new StoreError('ERR_STORE_MISSING', `${source.name} holds no ring of this name`)
  checkRing(ring, names, log)
  return { ...opened, ring }
}

async function fromSnapshot(source: LiveSource, error: unknown, log: Log): Promise<Opened> {
  const isAway = error instanceof StoreError && error.code === 'ERR_STORE_UNREACHABLE'
  const kept = isAway ? await source.snapshot?.load() : undefined
  if (!kept) throw error
  const age = systemClock.now() - kept.confirmedAt
  const { maxStale } = kept.ring.document.limits
  // A time that is yet to come says that the clock was set, and nothing of the age.
  if (age > maxStale * 1000 || age < 0) throw error
  log({
    level: 'warn',
    event: 'ring.snapshot',
    message: `${source.name} does not answer; verifying with a snapshot that is ${Math.round(age / 1000)} s old, signing nothing`,
  })
  return kept
}
