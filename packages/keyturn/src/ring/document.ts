/** The ring document: what a ring is, without a single secret byte. Pure data. */

/** States of a key, with NIST SP 800-57 part 1's names in the order of a key's life. */
export type KeyState =
  /** [pre-activation, processing only] verifies, does not sign */
  | 'staged'
  /** [active] signs and verifies; exactly one */
  | 'active'
  /** [deactivated] verifies until `verifyUntil` */
  | 'retiring'
  /** [suspended] does neither; bytes kept until `holdUntil` */
  | 'suspended'
  /** [compromised] never again; bytes erased, the kid stays */
  | 'compromised'

/** HMAC algorithms of RFC 7518 §3.2. */
export type Algorithm = 'HS256' | 'HS384' | 'HS512'

/** Why a change was made. */
export type Cause = 'scheduled' | 'compromised' | 'breach' | 'access-holder-left' | 'other'

/** How a rotation treats the old key. */
export type Mode = 'graceful' | 'hard' | 'emergency'

/** One key. Times are epoch seconds. */
export interface RingKey {
  readonly kid: string
  readonly state: KeyState
  readonly alg: Algorithm
  /** When the key entered the ring; null for one that a person set by hand. */
  readonly createdAt: number | null
  /** When it last became active. */
  readonly activatedAt?: number
  /** When it last stopped being active. */
  readonly deactivatedAt?: number
  /** A retiring key verifies until then; a suspended one remembers it. */
  readonly verifyUntil?: number
  /** When a rollback made a suspended key retire again: who has not heard of it refuses its tokens. */
  readonly restoredAt?: number
  /** A suspended key's bytes are kept until then. */
  readonly holdUntil?: number
  /** Kids that tokens from before adoption bear. */
  readonly aliases?: readonly string[]
  /** Adopted although it fails today's rules: verifies, never signs. */
  readonly legacy?: true
  /** Replaced by hand, so that its bytes are not in the store any more. */
  readonly bytesLost?: true
}

/** The durations of a ring, in seconds. They belong to the ring, not to one instance. */
export interface Limits {
  /** Longest life of a token. @default 3600 */
  readonly maxTokenLife: number
  /** Age of the last confirmed read after which an instance stops. @default 3600 */
  readonly maxStale: number
  /** Clock tolerance. @default 60 */
  readonly tolerance: number
  /** How long a retiring key verifies. @default 172800 (48 h) */
  readonly grace: number
  /** How long a suspended key can be rolled back to. @default 172800 (48 h) */
  readonly hold: number
  /** An instance silent for this long is lost. @default 45 */
  readonly lease: number
}

/** An operation between stage and activate. */
export interface Operation {
  readonly id: string
  readonly mode: 'graceful' | 'hard' | 'rollback'
  readonly phase: 'gate'
  /** The staged key. */
  readonly kid: string
  /** Epoch seconds. */
  readonly startedAt: number
  readonly reason: string
  readonly cause?: Cause
  /** Seconds, as planned. */
  readonly grace: number
  /** Seconds, as planned. */
  readonly hold: number
  /** Lease id of the process that runs it. */
  readonly controller: string
  /** No instance was expected when it started. */
  readonly noFleet?: true
  /** A rollback's target as it was, for abort. */
  readonly former?: Pick<RingKey, 'state' | 'verifyUntil' | 'restoredAt' | 'holdUntil'>
  /** How many records of `undo` a rollback takes back. */
  readonly undoes?: number
}

/** What a rotation changed, so that it can be rolled back. */
export interface Undo {
  /** The generation that activated it. */
  readonly generation: number
  readonly mode: 'graceful' | 'hard'
  /** The key that was active before. */
  readonly from: string
  /** The key that became active. */
  readonly to: string
  /** The cutoff before. */
  readonly cutoff: number
  /** Keys that were retiring before, with their `verifyUntil`. */
  readonly retiring: readonly (readonly [kid: string, verifyUntil: number])[]
}

/** One line of the audit trail. */
export interface AuditEntry {
  readonly v: 1
  readonly ring: string
  readonly epoch: number
  readonly generation: number
  /** ISO 8601, UTC. */
  readonly at: string
  /** `rotate.stage`, `rotate.activate`, `emergency`, `rollback.activate`, … */
  readonly action: string
  readonly mode?: Mode | 'rollback'
  /** Who: user and host, or the instance that did it by itself. */
  readonly actor: string
  readonly reason: string
  readonly cause?: Cause
  /** Keys whose state changed: kid, from, to. */
  readonly keys: readonly (readonly [kid: string, from: string, to: string])[]
  readonly cutoff: number
  /** SHA-256 of the entry before, base64url; empty for the first. */
  readonly prev: string
}

/** The document. One small whole, changed by compare-and-swap only. */
export interface RingDocument {
  readonly v: 1
  /** `application/environment`. */
  readonly ring: string
  /** Grows when a store was restored. */
  readonly epoch: number
  /** Grows by one with every change; 0 when a person set the variables by hand. */
  readonly generation: number
  /** Fresh for every generation, base64url. */
  readonly nonce: string
  /** SHA-256 of the document before, base64url; empty for the first. */
  readonly parent: string
  /** Login sessions from before this generation are void. */
  readonly cutoff: number
  /** No rollback takes the cutoff below this. */
  readonly floor: number
  readonly limits: Limits
  readonly operation: Operation | null
  /** Rotations that can be rolled back, oldest first. */
  readonly undo: readonly Undo[]
  /** The entry of this very generation; null at generation 0. */
  readonly audit: AuditEntry | null
  readonly keys: readonly RingKey[]
}

/** A ring holds at most this many keys with bytes. */
export const maxKeys = 32

/** The defaults of design §5 and §7. */
export const defaultLimits: Limits = {
  maxTokenLife: 3600,
  maxStale: 3600,
  tolerance: 60,
  grace: 172_800,
  hold: 172_800,
  lease: 45,
}

/** Whether a store keeps bytes for this key. */
export const hasBytes = (key: RingKey): boolean => key.state !== 'compromised' && key.bytesLost !== true
