/** RingDesk: what an operator can do with one ring, whatever keeps it: a .env file, or a hub. */
import type { AuditTrail, Ring } from 'keyturn/ports'
import type { Algorithm, KeyState, Limits, RingDocument } from 'keyturn/ring'
import type {
  EmergencyRequest,
  Grounds,
  Plan,
  RollbackRequest,
  RotateRequest,
  WaitRequest,
} from 'keyturn/rotation'
import type { Environment } from '../config.ts'
import type { FleetView } from './fleet-view.ts'
import type { Report } from './rotation-progress.ts'

/** The ring's record. */
export interface RingRecord {
  readonly document: RingDocument
  /** A person changed the values by hand since. */
  readonly edited: boolean
}

/** A ring at one moment. */
export interface RingLook extends RingRecord {
  readonly fleet: FleetView
  /** Epoch milliseconds. */
  readonly now: number
  /** The active secret fails today's rules. */
  readonly weak: boolean
  /** Why changes are halted, as after a restored backup. */
  readonly halted: string | null
}

/** How a rotation or a rollback ended. */
export interface RotationResult {
  readonly ring: string
  readonly generation: number
  /** The key that signs now. */
  readonly kid: string
  readonly cutoff: number
  /** Instances that proved that they hold it. */
  readonly acknowledged: number
  readonly canUndo: boolean
  /** Sessions that the rotation ended work again. */
  readonly sessionsRestored: boolean
}

/** How `rotate --resume` ended. */
export interface ResumeResult extends RotationResult {
  /** What was finished; undefined when there was nothing to finish. */
  readonly mode: string | undefined
}

/** How an emergency ended: the change stands, whoever has confirmed it. */
export interface EmergencyResult {
  readonly ring: string
  readonly generation: number
  readonly kid: string
  readonly cutoff: number
  /** Empty when they were compromised already. */
  readonly compromised: readonly string[]
  /** The store was set back: every key and every login session ended, whatever was asked for. */
  readonly restored: boolean
  readonly confirmed: number
  readonly unconfirmed: readonly UnconfirmedInstance[]
  /** Access tokens of the hub's programs, with the addresses that used them. */
  readonly tokens: readonly UsedToken[]
}

export interface UnconfirmedInstance {
  readonly instance: string
  readonly why: string
  /** When it has stopped by itself at the latest; epoch milliseconds. */
  readonly stopsBy: number
}

export interface UsedToken {
  readonly id: string
  readonly name: string
  readonly addresses: readonly string[]
  readonly revoked?: boolean
}

/** A change that waits for nobody. */
export interface ChangeResult {
  readonly ring: string
  readonly generation: number
}

export interface KeyChange extends Grounds {
  readonly kid: string
  readonly force?: boolean
}

export interface ImportRequest extends Grounds {
  readonly text: string
  readonly aliases?: readonly string[]
  readonly force?: boolean
}

export interface InitRequest {
  readonly reason: string
  readonly adopt?: boolean
  readonly aliases?: readonly string[]
  readonly alg?: Algorithm
}

export interface InitResult extends ChangeResult {
  readonly kind: 'created' | 'initialised' | 'adopted' | 'edited' | 'unchanged'
}

/** Whose a secret or a token is. */
export interface Identified {
  readonly ring: string
  readonly kid: string
  readonly state: KeyState
  /** Epoch seconds. */
  readonly createdAt: number | null
  readonly hasBytes: boolean
  /** Flags that choose that ring. */
  readonly where: string
}

/** A secret or a token from standard input. */
export interface Specimen {
  readonly kind: 'secret' | 'token'
  readonly text: string
  /** The kid of the secret, or the one that the token names. */
  readonly kid: string | undefined
}

export type EpochRequest = Pick<Grounds, 'reason'> & { readonly compromised?: readonly string[] }

/** Durations in seconds, `timeout` in milliseconds, as in `keyturn/rotation`. */
export interface RingDesk {
  readonly kind: 'file' | 'hub'
  /** Where the ring is, for messages: a path, or a ring at an address. */
  readonly name: string
  /** `application/environment`; a file that holds a ring may know better. */
  readonly ring: string
  readonly environment?: string
  readonly settings?: Environment
  readonly limits: Limits
  /** Flags that choose this ring again, for a command to be typed: ` -e production`. */
  readonly where: string
  /** Where the audit trail is, for messages. */
  readonly trailName: string

  /** Undefined when there is none. */
  record(): Promise<RingRecord | undefined>
  /** @throws {StoreError} ERR_STORE_MISSING */
  look(): Promise<RingLook>
  /** @throws {StoreError} ERR_STORE_MISSING */
  fleet(): Promise<FleetView>
  trail(): Promise<AuditTrail>
  /** The ring with its secrets, to verify tokens with. A hub gives it to instances only. */
  material(): Promise<Ring | undefined>
  identify(specimen: Specimen): Promise<Identified | undefined>

  planRotation(request: Omit<RotateRequest, 'reason'>): Promise<Plan>
  planRollback(request: Omit<RollbackRequest, 'reason'>): Promise<Plan>
  rotate(request: RotateRequest, report?: Report): Promise<RotationResult>
  rollback(request: RollbackRequest, report?: Report): Promise<RotationResult>
  resume(wait: WaitRequest, report?: Report): Promise<ResumeResult>
  abort(grounds: Grounds): Promise<ChangeResult>
  emergency(request: EmergencyDemand, report?: Report): Promise<EmergencyResult>
  /** What stays true when the command that is running now is interrupted; undefined: nothing to be said. */
  interruption(): string | undefined

  init(request: InitRequest, report?: Report): Promise<InitResult>
  importKey(request: ImportRequest): Promise<ChangeResult & { readonly kid: string }>
  retireKey(request: KeyChange): Promise<ChangeResult>
  destroyKey(request: KeyChange): Promise<ChangeResult>
  forget(request: Grounds & { readonly instance: string }): Promise<ChangeResult>
  /** Erases the bytes of keys past their time. @param timeout milliseconds for `afterChange` */
  eraseDue(timeout?: number): Promise<{ readonly erased: readonly string[] }>
  /** After a backup was restored. */
  newEpoch(request: EpochRequest): Promise<ChangeResult & { readonly epoch: number }>
}

export interface EmergencyDemand extends EmergencyRequest {
  /** Also revoke the access tokens of the ring's instances at the hub. */
  readonly revokeTokens?: boolean
}
