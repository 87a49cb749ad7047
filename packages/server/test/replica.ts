/** replicaOn: what one replica knows of a ring, and does to it. */
import type { Ring } from 'keyturn/ports'
import { onTestFinished } from 'vitest'
import { ringName, sealedNow } from '../../keyturn/test/contract/contract-rings.ts'
import { freshRing } from '../../keyturn/test/ring-fixtures.ts'
import type { Database } from '../src/database/open-database.ts'
import { LeaseQueue } from '../src/rings/lease-queue.ts'
import { RingFeed } from '../src/rings/ring-feed.ts'
import { readTrail } from '../src/rings/sql-audit-log.ts'
import { sqlLeaseBoard } from '../src/rings/sql-lease-board.ts'
import { sqlRingStore } from '../src/rings/sql-ring-store.ts'
import { sealerOf } from './contract/sql-handle.ts'

/** A feed that looks only when it is asked, unless it is started. */
export function replicaOn(database: Database, ring = ringName) {
  const feed = new RingFeed(database, sealerOf())
  onTestFinished(() => feed.stop())
  const store = sqlRingStore(database, sealerOf(), feed, ring)
  const leases = sqlLeaseBoard(database, new LeaseQueue(database), ring)
  return { feed, store, leases, audit: { read: () => readTrail(database, ring) } }
}

export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 5))
}

/** Another ring than that of the fixtures. */
export const otherName = 'immonow/other'
export const otherRing = (): Ring => {
  const ring = freshRing(undefined, otherName)
  return { ...ring, document: sealedNow({ ...ring.document, generation: 0 }, ring.document) }
}
