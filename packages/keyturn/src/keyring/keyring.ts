/** Keyring: what an application signs and verifies with, while its keys change. */
import { systemClock, type Clock } from '../ports/clock.ts'
import type { Counters } from '../ports/lease-board.ts'
import type { RingKey } from '../ring/document.ts'
import {
  checkToken,
  defaultMaxTokenBytes,
  verdictNow,
  type Accepted,
  type TokenChecks,
  type Verified,
} from '../token/check-token.ts'
import { claimsText, parseLife } from '../token/claims-text.ts'
import type { KeySet, LiveKeys, LiveKeySet } from '../token/key-set.ts'
import type { Refusal } from '../token/refusal.ts'
import { verdictCache, type CacheOption, type VerdictCache } from '../token/verdict-cache.ts'
import type { Counting } from './counters.ts'
import type { Emitter, KeyringEvent, Listener } from './events.ts'
import type { KeyTable } from './key-table.ts'
import { RingKeySet, type KeySource } from './ring-key-set.ts'
import { isEnded, type SessionStamp } from './session-stamp.ts'
import { UnknownKey } from './unknown-key.ts'

/** A token that was accepted. */
export interface Authenticated extends Verified {
  readonly kid: string
}

export interface KeyringChecks {
  /** Becomes `iss` when signing; what `iss` must equal when verifying. */
  readonly issuer?: string | undefined
  /** Becomes `aud` when signing; what `aud` must contain when verifying. */
  readonly audience?: string | readonly string[] | undefined
  /** Refuse a token without `kid`. @default false */
  readonly requireKid?: boolean | undefined
  /** Remember tokens that were accepted, as `createVerifier` does. @default false */
  readonly cache?: CacheOption | undefined
}

export interface SignOptions {
  /** Life of the token: seconds, or a duration such as `'15m'`. At most the ring's maxTokenLife. */
  readonly expiresIn: number | string
}

/** No key: what it refuses for the want of one has the form of a token. */
const noKeys: KeySet = { find: () => undefined, candidates: () => [] }

export class Keyring implements LiveKeys {
  readonly #source: KeySource
  readonly #keySet: RingKeySet
  readonly #checks: KeyringChecks
  readonly #clock: Clock
  readonly #emitter: Emitter
  readonly #counting: Counting
  readonly #cache: VerdictCache | undefined
  /** Absent where there is nothing to ask. */
  readonly #unknown: UnknownKey | undefined

  /** Made by {@link createKeyring}. */
  constructor(
    source: KeySource,
    parts: { checks: KeyringChecks; emitter: Emitter; counting: Counting; clock?: Clock },
  ) {
    const { emitter, counting, clock = systemClock } = parts
    this.#source = source
    this.#checks = parts.checks
    this.#clock = clock
    this.#emitter = emitter
    this.#counting = counting
    this.#cache = verdictCache(parts.checks.cache)
    this.#unknown = source.live && new UnknownKey(source.live, clock)
    this.#keySet = new RingKeySet(source, { emitter, counting, clock, unknown: this.#unknown })
  }

  /** For `createVerifier` and `createSigner`: `createVerifier({ keys: keyring })` follows this ring. */
  get keySet(): LiveKeySet {
    return this.#keySet
  }

  get #table(): KeyTable {
    return this.#keySet.table
  }

  /** `application/environment`. */
  get ring(): string {
    return this.#table.ring.document.ring
  }

  get generation(): number {
    return this.#table.ring.document.generation
  }

  get epoch(): number {
    return this.#table.ring.document.epoch
  }

  /** Login sessions from before this generation are void. */
  get cutoff(): number {
    return this.#table.ring.document.cutoff
  }

  /** The key that signs. */
  get activeKid(): string {
    return this.#table.active.key.kid
  }

  /** All keys, without their bytes. */
  get keys(): readonly RingKey[] {
    return this.#table.ring.document.keys
  }

  /** Longest life of a token, in seconds. */
  get maxTokenLife(): number {
    return this.#table.ring.document.limits.maxTokenLife
  }

  /**
   * `stale` while this instance neither signs nor verifies; `verify-only` while it has started from a snapshot and
   * the store has not answered yet.
   */
  get state(): 'fresh' | 'verify-only' | 'stale' {
    if (this.#keySet.isStale()) return 'stale'
    return this.#source.live?.isVerifyOnly ? 'verify-only' : 'fresh'
  }

  /**
   * Signs claims with the active key.
   * @throws {KeyturnError} ERR_SIGN_LIFETIME for a life that is missing or beyond maxTokenLife, ERR_SIGN_CLAIM
   * @throws {TokenError} ERR_RING_STALE, ERR_RING_VERIFY_ONLY (503)
   * @example
   * keyring.sign({ sub: user.id, role: 'agent' }, { expiresIn: '15m' })
   */
  sign(claims: Record<string, unknown>, options: SignOptions): string {
    const { issuer, audience } = this.#checks
    return this.#keySet.sign(maxLife => {
      const life = parseLife(options?.expiresIn)
      return claimsText(claims, { life, maxLife, issuer, audience }, this.#now())
    })
  }

  /**
   * Verifies a token; asks the store about a key that is not known here.
   * @throws {TokenError} one code per reason, status 401; or 503 with `retryAfter` while this instance cannot know
   */
  async authenticate(token: string): Promise<Authenticated> {
    const arrival = this.#clock.monotonic()
    if (this.#source.live?.stoodStill) {
      // What is no token at all is refused at once.
      const verdict = this.#check(token, noKeys)
      if (!verdict.ok && !verdict.details?.mayChange) return this.#conclude(verdict)
      await this.fresh()
    }
    const verdict = this.#check(token, this.#keySet, this.#cache)
    if (verdict.ok || !verdict.details?.mayChange) return this.#conclude(verdict)
    const cannotKnow = await this.#unknown?.ask(token, verdict, arrival)
    return this.#conclude(cannotKnow ?? this.#check(token, this.#keySet, this.#cache))
  }

  /**
   * Verifies a token with what is known here. Synchronous, so a key that is not known is 503: it cannot ask.
   * @throws {TokenError} as {@link authenticate}
   */
  verify(token: string): Authenticated {
    const verdict = this.#check(token, this.#keySet, this.#cache)
    return this.#conclude(verdictNow(verdict, token, this.#keySet))
  }

  /**
   * Reads the store if this process stood still, so that what it holds may be old. Waits for the answer, but only some
   * seconds: a store that does not answer is asked by the polls, and its age counts.
   */
  async fresh(): Promise<void> {
    const { live } = this.#source
    if (!live?.stoodStill) return
    const { isReading } = live
    await live.reloadInTime()
    // The read that was under way may have been sent before this process stood still.
    if (isReading && live.stoodStill) await live.reloadInTime()
  }

  #check(token: string, keys: KeySet, cache?: VerdictCache): Accepted | Refusal {
    return checkToken(token, keys, this.#tokenChecks(), this.#now(), cache)
  }

  /** The tolerance is for clocks that are ahead; an expiry is exact, so that no instance prolongs a token. */
  #tokenChecks(): TokenChecks {
    const { issuer, audience, requireKid = false } = this.#checks
    return {
      issuer,
      audience,
      requireKid,
      requireExp: true,
      clockToleranceSeconds: this.#table.ring.document.limits.tolerance,
      expiryToleranceSeconds: 0,
      maxTokenBytes: defaultMaxTokenBytes,
    }
  }

  #conclude(verdict: Accepted | Refusal): Authenticated {
    this.#keySet.observe(verdict)
    if (!verdict.ok) throw verdict.toError()
    return { header: verdict.header, payload: verdict.payload, kid: verdict.kid ?? '' }
  }

  #now(): number {
    return this.#clock.now() / 1000
  }

  /** To be stored with a login session, and handed to {@link sessionEnded} when it is used. */
  sessionStamp(): SessionStamp {
    return { generation: this.generation, kid: this.activeKid }
  }

  /** Whether a rotation ended the login session. Refuse it, but change nothing: a rollback brings it back. */
  sessionEnded(stamp: SessionStamp): boolean {
    return isEnded(this.#table.ring.document, stamp)
  }

  /** Whether an emergency ended the session, so that no rollback brings it back. */
  sessionEndedForSecurity(stamp: SessionStamp): boolean {
    return stamp.generation < this.#table.ring.document.floor
  }

  /** Counts a login, for monitoring after a rotation. */
  recordLogin(ok: boolean): void {
    this.#counting.login(ok)
  }

  /** Counts a user who says so at the login page: after a graceful rotation there must be none. */
  recordUnexpectedSignOut(): void {
    this.#counting.unexpectedSignOut()
  }

  counters(): Counters {
    return this.#counting.snapshot()
  }

  /** Listens to an event. Returns a function that stops. */
  on<Name extends KeyringEvent>(name: Name, listener: Listener<Name>): () => void {
    return this.#emitter.on(name, listener)
  }

  /** Stops following the store and removes the lease. */
  async close(): Promise<void> {
    await this.#source.live?.close()
  }
}
