/** Keyring: what an application signs and verifies with, while its keys change. */
import { KeyturnError, TokenError } from '../errors.ts'
import { systemClock, type Clock } from '../ports/clock.ts'
import type { Counters } from '../ports/lease-board.ts'
import type { RingKey } from '../ring/document.ts'
import { findKey, isPast } from '../ring/keys.ts'
import { checkClaims, readClaims, type Claims, type Expectations } from '../token/claims.ts'
import { decodeCompact, signCompact, verifySignature, type DecodedToken } from '../token/compact.ts'
import { parseLife, prepareClaims } from '../token/prepare-claims.ts'
import type { JwsHeader } from '../token/header.ts'
import type { Counting } from './counters.ts'
import type { Emitter, KeyringEvent, Listener } from './events.ts'
import type { KeyTable, TableEntry } from './key-table.ts'
import type { LiveRing } from './live-ring.ts'
import { Violations } from './violations.ts'

/** A token that was accepted. */
export interface Authenticated {
  readonly header: JwsHeader
  readonly payload: Claims
  /** Of the key that signed. */
  readonly kid: string
}

/** What a login session stores, to be asked about later. */
export interface SessionStamp {
  readonly generation: number
  readonly kid: string
}

export interface SignOptions {
  /** Life of the token: seconds, or a duration such as `'15m'`. At most the ring's maxTokenLife. */
  readonly expiresIn: number | string
}

export interface KeyringChecks {
  /** Becomes `iss` when signing; what `iss` must equal when verifying. */
  readonly issuer?: string | undefined
  /** Becomes `aud` when signing; what `aud` must contain when verifying. */
  readonly audience?: string | readonly string[] | undefined
  /** Refuse a token without `kid`. @default false */
  readonly requireKid?: boolean | undefined
}

/** At most one read of the store per this many milliseconds because of unknown kids. */
const askInterval = 2_000
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
  #asked = -Infinity
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
      const found = this.#tryVerify(decoded)
      if (found) return found
      await this.#ask(decoded, arrival)
      const asked = this.#tryVerify(decoded)
      if (asked) return asked
      throw unknownSigner(decoded)
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
      if (live && live.freshness.age() > this.#table.ring.document.limits.lease * 1000) {
        void live.reload()
        throw cannotKnow(1)
      }
      const found = this.#tryVerify(decoded)
      if (!found) throw this.#isSettled(decoded) ? unknownSigner(decoded) : cannotKnow(askInterval / 1000)
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
    if (live && live.freshness.age() > limit) await live.reload()
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
    const kid = kidInError.get(error)
    this.#violations.note(error.code, kid, this.#clock.monotonic())
    return error
  }

  /** Undefined when no key here can have signed it. */
  #tryVerify(decoded: DecodedToken): Authenticated | undefined {
    this.#refuseStale()
    const entry = this.#signerOf(decoded)
    if (!entry) return undefined
    const payload = readClaims(decoded)
    this.#checkClaims(payload)
    return { header: decoded.header, payload, kid: entry.key.kid }
  }

  #signerOf(decoded: DecodedToken): TableEntry | undefined {
    const { kid, alg } = decoded.header
    const now = this.#clock.now() / 1000
    if (kid === undefined) {
      if (this.#checks.requireKid) throw new TokenError('ERR_TOKEN_KID_REQUIRED')
      const fitting = this.#table.candidates(now).filter(({ hmac }) => hmac?.alg === alg)
      if (fitting.length === 0) throw new TokenError('ERR_TOKEN_ALGORITHM')
      return fitting.find(({ hmac }) => hmac !== undefined && verifySignature(decoded, hmac))
    }
    const entry = this.#table.find(kid)
    if (!entry) return undefined
    refuseDead(entry.key, now)
    if (!entry.hmac) return undefined
    if (alg !== entry.hmac.alg) throw about(entry.key.kid, 'ERR_TOKEN_ALGORITHM')
    if (!verifySignature(decoded, entry.hmac)) throw about(entry.key.kid, 'ERR_TOKEN_SIGNATURE')
    return entry
  }

  #checkClaims(payload: Claims): void {
    const { issuer, audience } = this.#checks
    const { tolerance } = this.#table.ring.document.limits
    const now = this.#clock.now() / 1000
    const expected: Expectations = { issuer, audience, clockToleranceSeconds: tolerance, requireExp: true }
    checkClaims(payload, expected, now)
    // The tolerance is for clocks that are ahead; an expiry is exact, so that no instance prolongs a token.
    if (!(now < (payload.exp ?? 0))) throw new TokenError('ERR_TOKEN_EXPIRED')
  }

  /**
   * Makes sure that the ring held was read after the token arrived, or that the token cannot be newer than it.
   * @throws {TokenError} ERR_KEY_UNKNOWN (503)
   */
  async #ask(decoded: DecodedToken, arrival: number): Promise<void> {
    const { live } = this.#source
    if (!live || this.#isSettled(decoded)) return
    if (live.isReading) await live.reload()
    if (live.freshness.isConfirmedSince(arrival)) return
    const wait = this.#asked + askInterval - this.#clock.monotonic()
    if (wait > 0) throw cannotKnow(Math.ceil(wait / 1000))
    this.#asked = this.#clock.monotonic()
    if (!(await live.reload())) throw cannotKnow(askInterval / 1000)
  }

  /** Whether the ring was confirmed after the token must have been signed; a fixed ring has nothing to ask. */
  #isSettled(decoded: DecodedToken): boolean {
    const { live } = this.#source
    if (!live) return true
    const iat = issuedAt(decoded)
    return (
      iat !== undefined &&
      live.freshness.confirmedAt / 1000 > iat + this.#table.ring.document.limits.tolerance
    )
  }

  #refuseStale(): void {
    if (this.state === 'stale')
      throw new TokenError('ERR_RING_STALE', undefined, { retryAfter: askInterval / 1000 })
  }

  /** To be stored with a login session, and handed to {@link sessionEnded} when it is used. */
  sessionStamp(): SessionStamp {
    return { generation: this.generation, kid: this.activeKid }
  }

  /**
   * Whether a rotation ended the login session: it is older than the cutoff, or its secret was replaced by hand
   * in a ring that keeps no record. Refuse, but change nothing: a rollback brings the session back.
   */
  sessionEnded(stamp: SessionStamp): boolean {
    if (stamp.generation < this.cutoff) return true
    return this.generation === 0 && findKey(this.#table.ring.document, stamp.kid) === undefined
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

/** Which key a refusal is about, for security events. */
const kidInError = new WeakMap<TokenError, string>()

function about(
  kid: string,
  code: 'ERR_TOKEN_ALGORITHM' | 'ERR_TOKEN_SIGNATURE' | 'ERR_KEY_COMPROMISED',
): TokenError {
  const error = new TokenError(code)
  kidInError.set(error, kid)
  return error
}

function refuseDead(key: RingKey, now: number): void {
  if (key.state === 'compromised') throw about(key.kid, 'ERR_KEY_COMPROMISED')
  if (key.state === 'suspended') throw new TokenError('ERR_KEY_SUSPENDED')
  if (key.state === 'retiring' && isPast(key.verifyUntil, now)) throw new TokenError('ERR_KEY_RETIRED')
}

const cannotKnow = (retryAfter: number): TokenError =>
  new TokenError('ERR_KEY_UNKNOWN', undefined, { retryAfter })

/** With a kid, no key has it; without, no key's MAC fits. */
const unknownSigner = (decoded: DecodedToken): TokenError =>
  new TokenError(decoded.header.kid === undefined ? 'ERR_TOKEN_SIGNATURE' : 'ERR_KEY_NOT_FOUND')

/** What the token says of its age. Not verified: it can only make the answer a 401 sooner. */
function issuedAt(decoded: DecodedToken): number | undefined {
  try {
    return readClaims(decoded).iat
  } catch {
    return undefined
  }
}
