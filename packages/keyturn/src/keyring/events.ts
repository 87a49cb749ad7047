/** Events of a keyring. None carries a token or a secret. */
import type { ErrorCode } from '../errors.ts'

/** What each event tells. */
export interface KeyringEvents {
  /** Another key signs now. */
  rotated: { readonly generation: number; readonly kid: string; readonly previous: string }
  /** A key can be rolled back to and verifies no more. */
  suspended: { readonly generation: number; readonly kid: string }
  /** A key never comes back. */
  compromised: { readonly generation: number; readonly kid: string }
  /** This instance neither signs nor verifies until the store answers again. */
  stale: { readonly ageSeconds: number }
  /** The file was edited by hand: this process keeps its ring, a restart takes the values. */
  edited: { readonly generation: number }
  /** The store answered with something this instance does not take, or did not answer. */
  'reload-failed': { readonly code: string; readonly message: string }
  /** Somebody sent what no honest client has. `count` events like it since the last report. */
  'security.violation': { readonly code: ErrorCode; readonly kid?: string; readonly count: number }
}

export type KeyringEvent = keyof KeyringEvents
export type Listener<Name extends KeyringEvent> = (event: KeyringEvents[Name]) => void

/** Listeners by event. A listener that throws stops nobody else. */
export class Emitter {
  readonly #listeners = new Map<KeyringEvent, Set<(event: never) => void>>()

  /** Returns a function that stops listening. */
  on<Name extends KeyringEvent>(name: Name, listener: Listener<Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(name, listeners)
    return () => void listeners.delete(listener)
  }

  emit<Name extends KeyringEvent>(name: Name, event: KeyringEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        ;(listener as Listener<Name>)(event)
      } catch {
        // The listener's own business: the ring goes on.
      }
    }
  }
}
