/** memoryStore, memoryLeases, memoryAudit: the reference implementations of the ports. */
import { RingError } from '../errors.ts'
import { hasBytes, type AuditEntry } from '../ring/document.ts'
import type { AuditLog, AuditTrail } from './audit-log.ts'
import { systemClock, type Clock } from './clock.ts'
import { hashOf, isExpected } from './hash.ts'
import type { Lease, LeaseBoard, SeenLease } from './lease-board.ts'
import type { Expected, Ring, RingStore } from './ring-store.ts'

/** A ring in memory. Every change is announced to watchers and written to the trail. */
export function memoryStore(options: { ring?: Ring; audit?: AuditLog; clock?: Clock } = {}): RingStore {
  const { audit = memoryAudit(), clock = systemClock } = options
  const hints = new Set<() => void>()
  let current = options.ring
  return {
    name: 'memory',
    read: async () => current,
    compareAndSwap: async (expected: Expected, next: Ring) => {
      const known = current ? isExpected(expected, current.document) : expected.generation === 0
      if (!known) throw new RingError('ERR_RING_CONFLICT')
      const kids = next.document.keys.filter(hasBytes).map(key => key.kid)
      const before = current
      const swapped = {
        document: next.document,
        secrets: new Map([...next.secrets].filter(([kid]) => kids.includes(kid))),
      }
      current = swapped
      try {
        if (next.document.audit) await audit.append(next.document.audit)
      } catch (error) {
        if (current === swapped) current = before
        throw error
      }
      for (const hint of hints) hint()
    },
    watch: hint => {
      hints.add(hint)
      return () => hints.delete(hint)
    },
    now: async () => clock.now(),
  }
}

/** Leases in memory. */
export function memoryLeases(clock: Clock = systemClock): LeaseBoard {
  const leases = new Map<string, SeenLease>()
  return {
    put: async (lease: Lease) => {
      leases.set(lease.instance, { ...lease, seenAt: clock.now() })
    },
    list: async () => [...leases.values()],
    remove: async instance => {
      leases.delete(instance)
    },
    isProvedDead: async () => false,
  }
}

/** A trail in memory. */
export function memoryAudit(): AuditLog {
  const entries: AuditEntry[] = []
  return {
    append: async entry => {
      const { ring, epoch, generation } = entry
      const known = entries.find(
        each => each.ring === ring && each.epoch === epoch && each.generation === generation,
      )
      if (!known) return void entries.push(entry)
      if (hashOf(known) !== hashOf(entry))
        throw new RingError(
          'ERR_RING_REGRESSED',
          `the trail has another entry of generation ${generation} of ${ring}: was a backup restored?`,
        )
    },
    read: async (): Promise<AuditTrail> => ({ entries: [...entries], notes: [] }),
  }
}
