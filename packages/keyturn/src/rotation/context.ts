/** What a rotation works with, and what it tells while it works. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'
import type { AuditTrail } from '../ports/audit-log.ts'
import type { LeaseBoard } from '../ports/lease-board.ts'
import type { RingStore } from '../ports/ring-store.ts'
import type { Cause, RingDocument } from '../ring/document.ts'
import type { Fleet } from './fleet.ts'

/** When the `afterChange` command runs. */
export type ChangePhase = 'stage' | 'activate' | 'grace'

export interface RotationContext {
  readonly store: RingStore
  readonly leases: LeaseBoard
  readonly clock: Clock
  /** Who acts, for the audit trail. */
  readonly actor: string
  /** The trail, where it can be read: it knows how far the ring was, and which keys a backup must not bring back. */
  readonly trail?: () => Promise<AuditTrail>
  /** Makes processes with a fixed environment take the change. */
  readonly afterChange?: (phase: ChangePhase, document: RingDocument) => Promise<void>
  /** Follows the work. */
  readonly report?: (event: RotationEvent) => void
}

/** Why somebody changes the ring. */
export interface Grounds {
  readonly reason: string
  readonly cause?: Cause
}

/** What happens while a rotation runs. */
export type RotationEvent =
  | { readonly type: 'resumed'; readonly document: RingDocument }
  | { readonly type: 'staged'; readonly document: RingDocument; readonly kid: string }
  | { readonly type: 'gate'; readonly fleet: Fleet }
  | { readonly type: 'activated'; readonly document: RingDocument; readonly kid: string }
  | { readonly type: 'confirming'; readonly fleet: Fleet }
  | { readonly type: 'adopted'; readonly document: RingDocument; readonly kind: string }

/** An identifier nobody else has. */
export const randomId = (bytes = 9): string => randomBytes(bytes).toString('base64url')
