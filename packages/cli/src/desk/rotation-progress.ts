/** RotationProgress: one step of a rotation, whoever runs it: this command, or a hub. */
import type { RotationEvent } from 'keyturn/rotation'
import { acknowledgedIn, missingIn, type MissingInstance } from './fleet-view.ts'

export type RotationProgress =
  | { readonly type: 'resumed'; readonly mode: string; readonly reason: string }
  | { readonly type: 'adopted'; readonly kind: string; readonly generation: number }
  | { readonly type: 'staged'; readonly kid: string; readonly generation: number }
  | {
      readonly type: 'gate'
      readonly acknowledged: number
      readonly missing: readonly MissingInstance[]
    }
  | { readonly type: 'activated'; readonly kid: string; readonly generation: number }
  | {
      readonly type: 'confirming'
      /** Instances there are. */
      readonly instances: number
      readonly missing: readonly MissingInstance[]
    }

/** Follows a rotation. */
export type Report = (step: RotationProgress) => void

/** What the library reports, as data without leases. */
export function progressIn(event: RotationEvent): RotationProgress {
  switch (event.type) {
    case 'resumed': {
      const { operation } = event.document
      return { type: 'resumed', mode: operation?.mode ?? '', reason: operation?.reason ?? '' }
    }
    case 'adopted':
      return { type: 'adopted', kind: event.kind, generation: event.document.generation }
    case 'staged':
    case 'activated':
      return { type: event.type, kid: event.kid, generation: event.document.generation }
    case 'gate':
      return {
        type: 'gate',
        acknowledged: acknowledgedIn(event.fleet),
        missing: missingIn(event.fleet, Date.now()),
      }
    case 'confirming':
      return {
        type: 'confirming',
        instances: event.fleet.instances.length,
        missing: missingIn(event.fleet, Date.now()),
      }
  }
}
