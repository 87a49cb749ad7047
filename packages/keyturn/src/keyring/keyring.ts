/** Keyring: what an application signs and verifies with, while its keys change. */
import { KeyturnError, TokenError } from '../errors.ts'
import { systemClock, type Clock } from '../ports/clock.ts'
import type { Counters } from '../ports/lease-board.ts'
import type { RingKey } from '../ring/document.ts'
import { decodeCompact, signCompact, type DecodedToken } from '../token/compact.ts'
import { parseLife, prepareClaims } from '../token/prepare-claims.ts'
import {
  checkToken,
  kidOfRefusal,
  unknownSigner,
  type Authenticated,
  type KeyringChecks,
} from './check-token.ts'
import type { Counting } from './counters.ts'
import type { Emitter, KeyringEvent, Listener } from './events.ts'
import type { KeyTable } from './key-table.ts'
import type { LiveRing } from './live-ring.ts'
import { isEnded, type SessionStamp } from './session-stamp.ts'
import { cannotKnow, stale, UnknownKey } from './unknown-key.ts'
import { Violations } from './violations.ts'

export interface SignOptions {
  /** Life of the token: seconds, or a duration such as `'15m'`. At most the ring's maxTokenLife. */
  readonly expiresIn: number | string
}

/** A last read older than this means that this process stood still: it reads before it decides. */
const freshFor = 5_000

/** Where a keyring gets its keys: fixed at start, or live. */
export type KeySource = { readonly table: KeyTable; readonly live?: undefined } | { readonly live: LiveRing }

export class Keyring {
  readonly #source: KeySource
  readonly #checks: KeyringChecks
  readonly #clock: Clock
  readonly #emitter: Emitter
  readonly #counting: Counting
  readonly #violations: Violations
  /** Absent where there is nothing to ask. */
  readonly #unknown: UnknownKey | undefined
  #isStale = false

  /** Made by {@link createKeyring}. */
  constructor(
    source: KeySource,
    parts: { checks: KeyringChecks; emitter: Emitter; counting: Counting; clock?: Clock },
  ) {
    this.#source = source
    this.#checks = parts.checks
    this.#clock = parts.clock ?? systemClock
    this.#emitter = parts.emitter
    this.#counting = parts.counting
    this.#unknown = source.live && new UnknownKey(source.live, this.#clock)
    this.#violations = new Violations(event => this.#emitter.emit('security.violation', event))
  }

  get #table(): KeyTable {
    return this.#source.live ? this.#source.live.table : this.#source.table
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

  /** `stale` while this instance neither signs nor verifies. */
  get state(): 'fresh' | 'stale' {
    const { live } = this.#source
    const isStale =
      live !== undefined && live.freshness.age() > this.#table.ring.document.limits.maxStale * 1000
    if (isStale && !this.#isStale)
      this.#emitter.emit('stale', { ageSeconds: Math.round(live.freshness.age() / 1000) })
    this.#isStale = isStale
    return isStale ? 'stale' : 'fresh'
  }

  /**
   * Signs claims with the active key.
   * @throws {KeyturnError} ERR_SIGN_LIFETIME for a life that is missing or beyond maxTokenLife, ERR_SIGN_CLAIM
   * @throws {TokenError} ERR_RING_STALE (503)
   * @example
   * keyring.sign({ sub: user.id, role: 'agent' }, { expiresIn: '15m' })
   */
  sign(claims: Record<string, unknown>, options: SignOptions): string {
    this.#refuseStale()
    const { active, ring } = this.#table
    const { maxTokenLife } = ring.document.limits
    const life = parseLife(options?.expiresIn)
    if (life > maxTokenLife) {
      throw new KeyturnError(
        'ERR_SIGN_LIFETIME',
        `a life of ${life} s is beyond maxTokenLife, ${maxTokenLife} s`,
      )
    }
    const { issuer, audience } = this.#checks
    const now = this.#clock.now() / 1000
    const prepared = prepareClaims(claims, { expiresIn: life, issuer, audience, now })
    if ((prepared.exp ?? Infinity) - now > maxTokenLife)
      throw new KeyturnError('ERR_SIGN_LIFETIME', `exp is beyond maxTokenLife, ${maxTokenLife} s from now`)
    const token = signCompact(prepared, active.hmac, active.key.kid)
    this.#counting.signed(active.key.kid)
    return token
  }

  /**
   * Verifies a token; asks the store about a key that is not known here.
   * @throws {TokenError} one code per reason, status 401; or 503 with `retryAfter` while this instance cannot know
   */
  async authenticate(token: string): Promise<Authenticated> {
    return this.#counted(async () => {
      const arrival = this.#clock.monotonic()
      const decoded = decodeCompact(token)
      await this.fresh()
      const found = this.#check(decoded)
      if (found) return found
      await this.#unknown?.ask(decoded, arrival)
      const asked = this.#check(decoded)
      if (asked) return asked
      throw this.#unknownSigner(decoded)
    })
  }

  /**
   * Verifies a token with what is known here. Synchronous, so a key that is not known is 503: it cannot ask.
   * @throws {TokenError} as {@link authenticate}
   */
  verify(token: string): Authenticated {
    try {
      const decoded = decodeCompact(token)
      const { live } = this.#source
      if (live && live.stoodStill() > this.#table.ring.document.limits.lease * 1000) {
        void live.reload()
        throw cannotKnow(1)
      }
      const found = this.#check(decoded)
      if (!found)
        throw this.#unknown?.isSettled(decoded) === false ? cannotKnow() : this.#unknownSigner(decoded)
      this.#counting.verified(found.kid)
      return found
    } catch (error) {
      throw this.#noted(error)
    }
  }

  /** Reads the store if the last confirmed read is so old that this process must have stood still. */
  async fresh(): Promise<void> {
    const { live } = this.#source
    const limit = Math.min(freshFor, (this.#table.ring.document.limits.maxStale * 1000) / 2)
    if (!live || live.freshness.age() <= limit) return
    const { isReading } = live
    await live.reload()
    // The read that was under way may have been sent before this process stood still.
    if (isReading && live.freshness.age() > limit) await live.reload()
  }

  async #counted(verify: () => Promise<Authenticated>): Promise<Authenticated> {
    try {
      const found = await verify()
      this.#counting.verified(found.kid)
      return found
    } catch (error) {
      throw this.#noted(error)
    }
  }

  #noted(error: unknown): unknown {
    if (!(error instanceof TokenError)) return error
    this.#counting.rejected(error.code)
    this.#violations.note(error.code, kidOfRefusal(error), this.#clock.monotonic())
    return error
  }

  /** Undefined when no key here can have signed it. */
  #check(decoded: DecodedToken): Authenticated | undefined {
    this.#refuseStale()
    return checkToken(decoded, this.#table, this.#checks, this.#clock.now() / 1000)
  }

  #unknownSigner(decoded: DecodedToken): TokenError {
    return unknownSigner(decoded, this.#table, this.#clock.now() / 1000)
  }

  #refuseStale(): void {
    if (this.state === 'stale') throw stale()
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
