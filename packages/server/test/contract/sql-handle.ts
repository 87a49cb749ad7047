/** handleOn: a ring in a database, as one replica reaches it. */
import { generateSecret, Secret } from 'keyturn'
import type { StoreHandle } from '../../../keyturn/test/contract/store-place.ts'
import type { Database } from '../../src/database/open-database.ts'
import { LeaseQueue } from '../../src/rings/lease-queue.ts'
import { RingFeed } from '../../src/rings/ring-feed.ts'
import { readTrail } from '../../src/rings/sql-audit-log.ts'
import { sqlLeaseBoard } from '../../src/rings/sql-lease-board.ts'
import { sqlRingStore } from '../../src/rings/sql-ring-store.ts'
import { Sealer } from '../../src/sealing/sealer.ts'

/** Of this run, and of nobody else. */
export const masterKey = generateSecret()

export const sealerOf = (text: string = masterKey): Sealer => new Sealer([new Secret(text)])

/** A feed and a queue of its own on the database. Returns how to end them, too. */
export function handleOn(database: Database, ring: string): StoreHandle & { readonly end: () => void } {
  const sealer = sealerOf()
  const feed = new RingFeed(database, sealer)
  feed.start()
  return {
    store: sqlRingStore(database, sealer, feed, ring),
    leases: sqlLeaseBoard(database, new LeaseQueue(database), ring),
    audit: { read: () => readTrail(database, ring) },
    end: () => feed.stop(),
  }
}
