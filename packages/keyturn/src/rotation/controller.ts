/** withController: shows the fleet that somebody runs an operation, and who. */
import { thisProcess } from '../process-identity.ts'
import { noCounters, type Lease } from '../ports/lease-board.ts'
import type { RingDocument } from '../ring/document.ts'
import { randomId, type RotationContext } from './context.ts'

const mostHeartbeat = 10_000

/** Runs the action with a controller lease that is renewed until it ends. */
export async function withController<Result>(
  context: RotationContext,
  document: RingDocument,
  action: (controller: string) => Promise<Result>,
): Promise<Result> {
  const { leases, clock } = context
  const id = `controller-${process.pid}-${randomId(6)}`
  const startedAt = clock.now()
  const put = (): Promise<void> => leases.put(leaseOf(id, document, startedAt, clock.now()))
  await put()
  const ended = new AbortController()
  const beating = (async () => {
    for (;;) {
      await clock.sleep(Math.min(mostHeartbeat, document.limits.lease * 250), ended.signal)
      if (ended.signal.aborted) return
      await put().catch(() => undefined)
    }
  })()
  try {
    return await action(id)
  } finally {
    ended.abort()
    await beating
    await leases.remove(id).catch(() => undefined)
  }
}

/** Whether the controller of the running operation may still be at work. */
export async function isControllerAlive(context: RotationContext, document: RingDocument): Promise<boolean> {
  const { leases } = context
  const lease = (await leases.list()).find(each => each.instance === document.operation?.controller)
  if (!lease || (await leases.isProvedDead(lease))) return false
  return (await context.store.now()) - lease.seenAt <= document.limits.lease * 1000
}

const leaseOf = (instance: string, document: RingDocument, startedAt: number, sentAt: number): Lease => ({
  v: 1,
  instance,
  ring: document.ring,
  epoch: document.epoch,
  generation: document.generation,
  kids: [],
  proofs: {},
  process: thisProcess(),
  startedAt,
  sentAt,
  counters: noCounters,
  role: 'controller',
})
