/** TokenCache: every live access token in memory, as the database had them when it was last asked. */
import { sql } from 'kysely'
import type { Database } from '../database/open-database.ts'
import { Coalesced } from '../rings/coalesced.ts'
import type { Scope } from './scopes.ts'
import { asked } from './transact.ts'

/** Counted up in the transaction of every change of a token. */
export const tokensRevision = 'tokens-revision'

export interface LiveToken {
  readonly id: string
  readonly name: string
  /** Digest of the secret part. */
  readonly digest: string
  readonly scopes: readonly Scope[]
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** Milliseconds between two looks that only a made-up token asked for. */
const missEvery = 1_000

export class TokenCache {
  readonly #database: Database
  readonly #onEnded: (id: string) => void
  readonly #looks: Coalesced<void>
  #tokens = new Map<string, LiveToken>()
  /** Expired ones that were told of. */
  readonly #told = new Set<string>()
  #nextExpiry = Infinity
  #revision: string | undefined
  #clock = { database: 0, here: 0 }
  #missed = { at: -Infinity, look: Promise.resolve() }
  #reads = 0

  /** @param onEnded called with the id of each token that was revoked or has expired */
  constructor(database: Database, onEnded: (id: string) => void) {
    this.#database = database
    this.#onEnded = onEnded
    this.#looks = new Coalesced(() => this.#look())
  }

  /** How often the database was asked. */
  get reads(): number {
    return this.#reads
  }

  /** Epoch milliseconds by the database's clock. */
  get now(): number {
    return this.#clock.database + performance.now() - this.#clock.here
  }

  /** Takes over what changed. @param revision what the database has, if that was read. @throws {StoreError} */
  async refresh(revision?: string): Promise<void> {
    if (revision === undefined || revision !== this.#revision) await this.#looks.ask()
    this.#tellExpired()
  }

  has(id: string): boolean {
    return this.#tokens.has(id)
  }

  /** From memory; a token that is not there costs at most one look a second. @throws {StoreError} */
  async find(id: string): Promise<LiveToken | undefined> {
    if (!this.#tokens.has(id)) await this.#missing()
    return this.known(id)
  }

  /** From memory, or not at all. */
  known(id: string): LiveToken | undefined {
    const token = this.#tokens.get(id)
    return token && token.expiresAt > this.now ? token : undefined
  }

  /** Made-up tokens share a look, and its failure: without the database nobody knows that they are made up. */
  #missing(): Promise<void> {
    const now = performance.now()
    if (now - this.#missed.at >= missEvery) this.#missed = { at: now, look: this.#looks.ask() }
    return this.#missed.look
  }

  async #look(): Promise<void> {
    this.#reads += 1
    const { db, now } = this.#database
    const here = performance.now()
    const revision = db.selectFrom('meta').select('value').where('name', '=', tokensRevision)
    const { rows } = await asked(
      this.#database,
      sql<{ now: number; revision: string | null }>`select ${now} as now, (${revision}) as revision`.execute(
        db,
      ),
    )
    const [found] = rows
    if (!found) return
    this.#clock = { database: found.now, here }
    // Read before the rows, which are then at least as new.
    const read = found.revision ?? '0'
    if (read !== this.#revision) await this.#load(read)
  }

  async #load(revision: string): Promise<void> {
    const { db, now } = this.#database
    const rows = await asked(
      this.#database,
      db
        .selectFrom('tokens')
        .select(['id', 'name', 'hash', 'scopes', 'expires_at'])
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .execute(),
    )
    const before = this.#tokens
    this.#tokens = new Map(
      rows.map(({ id, name, hash, scopes, expires_at: expiresAt }) => [
        id,
        { id, name, digest: hash, scopes: JSON.parse(scopes) as Scope[], expiresAt },
      ]),
    )
    this.#revision = revision
    this.#nextExpiry = Math.min(...[...this.#tokens.values()].map(({ expiresAt }) => expiresAt))
    for (const id of before.keys()) if (!this.#tokens.has(id)) this.#tell(id)
    for (const id of this.#told) if (!this.#tokens.has(id)) this.#told.delete(id)
  }

  #tellExpired(): void {
    const { now } = this
    if (this.#nextExpiry > now) return
    this.#nextExpiry = Infinity
    for (const { id, expiresAt } of this.#tokens.values())
      if (expiresAt <= now) this.#tell(id)
      else this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt)
  }

  #tell(id: string): void {
    if (this.#told.has(id)) return
    this.#told.add(id)
    this.#onEnded(id)
  }
}
