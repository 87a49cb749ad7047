/** hubLeases: an instance's lease at a hub. */
import type { LeaseWriter } from '../../ports/lease-board.ts'
import type { HubConnection } from './hub-connection.ts'
import { isDone, refusalOf } from './hub-refusal.ts'

/** Milliseconds. Who closes waits for a put that is under way, and then for the farewell. */
const putTimeout = 5_000
const removeTimeout = 2_000

/** @param path of the ring, below the address of the hub */
export function hubLeases(connection: HubConnection, ring: string, path: string): LeaseWriter {
  const pathOf = (instance: string): string => `${path}/leases/${encodeURIComponent(instance)}`
  return {
    put: async lease => {
      const answer = await connection.ask({
        method: 'PUT',
        path: pathOf(lease.instance),
        body: JSON.stringify(lease),
        timeout: putTimeout,
      })
      if (!isDone(answer)) throw refusalOf(answer, connection.name, ring)
    },
    remove: async instance => {
      // A hub that is away finds out by itself: the lease runs out.
      await connection
        .ask({ method: 'DELETE', path: pathOf(instance), timeout: removeTimeout })
        .catch(() => undefined)
    },
  }
}
