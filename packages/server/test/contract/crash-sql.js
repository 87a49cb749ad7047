/** openSql: the built hub's store for a writer that is killed in the middle of a transaction. See crash-writer.js. */
import { openDatabase } from '../../dist/database/open-database.js'
import { LeaseQueue } from '../../dist/rings/lease-queue.js'
import { RingFeed } from '../../dist/rings/ring-feed.js'
import { sqlLeaseBoard } from '../../dist/rings/sql-lease-board.js'
import { sqlRingStore } from '../../dist/rings/sql-ring-store.js'
import { readMasterKeys } from '../../dist/sealing/master-key.js'
import { Sealer } from '../../dist/sealing/sealer.js'

const dieAt = point => {
  if (process.env.KEYTURN_FAILPOINT === point) process.kill(process.pid, 'SIGKILL')
}

/** The audit entry is the last statement of a change: the ring's row has been written, and nothing is committed. */
const deadly = {
  transformQuery: ({ node }) => {
    if (isAudit(node)) dieAt('sql.before-audit')
    inAudit = isAudit(node)
    return node
  },
  transformResult: async ({ result }) => {
    if (inAudit) dieAt('sql.before-commit')
    return result
  },
}
let inAudit = false
const isAudit = node => node.kind === 'InsertQueryNode' && node.into.table.identifier.name === 'audit'

export async function openSql(ring, folder) {
  const url = process.env.DATABASE_URL
  const database = await openDatabase({ data: folder, ...(url && { url }) })
  const watched = { ...database, db: database.db.withPlugin(deadly) }
  const sealer = new Sealer(readMasterKeys({ env: process.env, isNew: false }))
  const feed = new RingFeed(watched, sealer)
  const store = sqlRingStore(watched, sealer, feed, ring)
  return {
    store: {
      ...store,
      compareAndSwap: async (expected, next) => {
        await store.compareAndSwap(expected, next)
        dieAt('sql.after-commit')
      },
    },
    leases: sqlLeaseBoard(watched, new LeaseQueue(watched), ring),
  }
}
