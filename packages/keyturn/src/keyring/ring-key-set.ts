/** RingKeySet: the keys of a ring as verifiers and signers see them, now. */
import type { Clock } from '../ports/clock.ts'
import type { Accepted } from '../token/check-token.ts'
import type { LiveKeySet, NamedKey } from '../token/key-set.ts'
import type { Refusal } from '../token/refusal.ts'
import type { Counting } from './counters.ts'
import type { Emitter } from './events.ts'
import type { KeyTable } from './key-table.ts'
import type { LiveRing } from './live-ring.ts'
import { cannotKnow, stale, verifyOnly, type UnknownKey } from './unknown-key.ts'
import { Violations } from './violations.ts'

/** Where a keyring gets its keys: fixed at start, or live. */
export type KeySource = { readonly table: KeyTable; readonly live?: undefined } | { readonly live: LiveRing }

/** Both clocks of a machine may be this much slower than those of the others: it stops early enough even then. */
const slowest = 1.02

export class RingKeySet implements LiveKeySet {
  readonly #source: KeySource
  readonly #emitter: Emitter
  readonly #counting: Counting
  readonly #clock: Clock
  readonly #violations: Violations
  /** Absent where there is nothing to ask. */
  readonly #unknown: UnknownKey | undefined
  #isStale = false

  constructor(
    source: KeySource,
    parts: { emitter: Emitter; counting: Counting; clock: Clock; unknown: UnknownKey | undefined },
  ) {
    this.#source = source
    this.#emitter = parts.emitter
    this.#counting = parts.counting
    this.#clock = parts.clock
    this.#unknown = parts.unknown
    this.#violations = new Violations(event => this.#emitter.emit('security.violation', event))
  }

  /** Swapped whole, so that everything asked of one table belongs together. */
  get table(): KeyTable {
    return this.#source.live ? this.#source.live.table : this.#source.table
  }

  find(kid: string, now: number): NamedKey | Refusal | undefined {
    return this.#notNow() ?? this.table.find(kid, now)
  }

  candidates(now: number): readonly NamedKey[] | Refusal {
    return this.#notNow() ?? this.table.candidates(now)
  }

  cannotKnow(token: string, refusal: Refusal): Refusal | undefined {
    return this.#unknown?.isSettled(token, refusal) === false ? cannotKnow() : undefined
  }

  sign(write: (maxLife: number) => string): string {
    if (this.isStale()) throw stale().toError()
    if (this.#source.live?.isVerifyOnly) throw verifyOnly().toError()
    const { active, ring } = this.table
    const token = active.signer.sign(write(ring.document.limits.maxTokenLife))
    this.#counting.signed(active.key.kid)
    return token
  }

  observe(verdict: Accepted | Refusal): void {
    if (verdict.ok) {
      if (verdict.kid !== undefined) this.#counting.verified(verdict.kid)
      return
    }
    this.#counting.rejected(verdict.code)
    this.#violations.note(verdict.code, verdict.details?.kid, this.#clock.monotonic())
  }

  /** Whether this instance has not heard of its store for longer than maxStale. Tells so once. */
  isStale(): boolean {
    const { live } = this.#source
    if (!live) return false
    const age = live.freshness.age()
    const isStale = age * slowest > this.table.ring.document.limits.maxStale * 1000
    if (isStale && !this.#isStale) this.#emitter.emit('stale', { ageSeconds: Math.round(age / 1000) })
    this.#isStale = isStale
    return isStale
  }

  /** Why nothing can be verified at this moment, if so. */
  #notNow(): Refusal | undefined {
    const { live } = this.#source
    if (!live) return undefined
    if (live.stoodStill > this.table.ring.document.limits.lease * 1000) {
      void live.reload()
      return cannotKnow(1)
    }
    return this.isStale() ? stale() : undefined
  }
}
