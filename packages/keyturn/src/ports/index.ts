/** What stores, boards and logs promise, with a reference in memory. Subpath `keyturn/ports`. */
export { AuditChain } from './audit-chain.ts'
export type { AuditLog, AuditNote, AuditTrail } from './audit-log.ts'
export { systemClock, type Clock } from './clock.ts'
export { expectedOf, hashOf, isExpected } from './hash.ts'
export {
  noCounters,
  parseLease,
  type Counters,
  type Lease,
  type LeaseBoard,
  type LeaseWriter,
  type ProcessIdentity,
  type SeenLease,
} from './lease-board.ts'
export { memoryAudit, memoryLeases, memoryStore } from './memory.ts'
export type { LiveSource, RingSnapshot } from './live-source.ts'
export type { Expected, HandEdit, Ring, RingReader, RingStore } from './ring-store.ts'
