/** What is asked of a rotation. */
import type { Algorithm, Limits } from '../ring/document.ts'
import type { Grounds } from './context.ts'

export interface WaitRequest {
  /** Milliseconds to wait at the gate, and again for the confirmation. @default 120000 (2 min) */
  readonly timeout?: number
  /** No instance is expected. */
  readonly noFleet?: boolean
  /** Id of the operation, where somebody else has given it one already. @default a random one */
  readonly operation?: string
}

export interface RotateRequest extends Grounds, WaitRequest {
  readonly mode: 'graceful' | 'hard'
  /** Seconds; this rotation only. @default the ring's grace */
  readonly grace?: number
  /** Rotate although a key is retiring, and in a full ring destroy the oldest suspended key. */
  readonly force?: boolean
  /** New durations of the ring. */
  readonly limits?: Limits
  /** @default that of the active key */
  readonly alg?: Algorithm
  /** A plan to be applied exactly. */
  readonly plan?: string
}

export interface RollbackRequest extends Grounds, WaitRequest {
  /** Kid to go back to. @default the key before the newest rotation */
  readonly to?: string
  readonly plan?: string
}

export const defaultTimeout = 120_000
