/** AccessTokens: what programs, instances and command lines log in with. */
import { KeyturnError } from 'keyturn'
import type { Database } from '../database/open-database.ts'
import { AuthError } from './auth-error.ts'
import type { HubEvents } from './events.ts'
import { fits } from './opaque-secret.ts'
import type { TokenPrincipal } from './principal.ts'
import { parseScopes, scopeOfRole, type Role, type Scope } from './scopes.ts'
import { TokenCache, tokensRevision, type LiveToken } from './token-cache.ts'
import { assertTokenName, insertToken, login, type CreatedToken, type TokenToInsert } from './token-rows.ts'
import { TokenUses, type TokenUse } from './token-uses.ts'
import { asked, bump, transact, type Connection } from './transact.ts'

const day = 24 * 3600
/** Seconds. */
const defaultLife = 90 * day
const longestLife = 400 * day
const shortestLife = 60
const loginLife = day / 2

/** Tokens whose digest is not computed again. */
const mostSeen = 1_000

const form = /^kt_([0-9a-z]{12})_([\w-]{43})$/

export interface NewToken {
  readonly name: string
  readonly scopes: readonly string[]
  /** Seconds, 1 minute to 400 days. @default 90 days */
  readonly expiresIn?: number
  /** Who, as in the audit trail. */
  readonly createdBy: string
}

export interface TokenView {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdBy: string
  /** Of an operator at a command line. */
  readonly isLogin: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly revokedAt: number | null
  readonly lastUsedAt: number | null
  readonly addresses: readonly TokenUse[]
}

export class AccessTokens {
  readonly #database: Database
  readonly #events: HubEvents
  readonly #cache: TokenCache
  readonly #uses: TokenUses
  /** Tokens whose digest was compared, with the row it was compared with: a hash table, so that nothing is told by how long it takes. */
  readonly #seen = new Map<string, LiveToken>()
  readonly #listeners = new Set<(id: string) => void>()

  constructor(database: Database, events: HubEvents) {
    this.#database = database
    this.#events = events
    this.#cache = new TokenCache(database, id => this.#listeners.forEach(listener => listener(id)))
    this.#uses = new TokenUses(database)
  }

  /** How often the database was asked for the tokens. */
  get reads(): number {
    return this.#cache.reads
  }

  /** Called after each look at the database. @param revision of the tokens, if it was read. @throws {StoreError} */
  refresh(revision?: string): Promise<void> {
    return this.#cache.refresh(revision)
  }

  /** After a change that this replica has committed. What fails here is made up for by the next look. */
  async catchUp(): Promise<void> {
    await this.refresh().catch(() => undefined)
  }

  /** @throws {KeyturnError} ERR_REQUEST_INVALID for a name, a scope or a life that cannot be */
  async create(token: NewToken): Promise<CreatedToken> {
    const { name, expiresIn = defaultLife, createdBy } = token
    const scopes = parseScopes(token.scopes)
    if (!Number.isSafeInteger(expiresIn) || expiresIn < shortestLife || expiresIn > longestLife)
      throw new KeyturnError('ERR_REQUEST_INVALID', 'a token lives between 1 minute and 400 days')
    assertTokenName(name)
    const row = { name, scopes, life: expiresIn, createdBy }
    const created = await transact(this.#database, connection => this.#create(connection, row, createdBy))
    await this.catchUp()
    return created
  }

  /**
   * A token for an operator at a command line: the rights of the role, 12 hours.
   * @param connection the transaction of the login; `catchUp` after it
   * @throws {KeyturnError} ERR_REQUEST_INVALID for a label that cannot be
   */
  createLogin(
    connection: Connection,
    operator: { readonly name: string; readonly role: Role },
    label: string,
  ): Promise<CreatedToken> {
    assertTokenName(label)
    const { name, role } = operator
    const row = {
      name: `${name}@${label}`,
      scopes: [scopeOfRole(role)],
      life: loginLife,
      createdBy: login + name,
    }
    return this.#create(connection, row, name)
  }

  /**
   * From memory, without a read of the database. @param address of the client, for `addresses`
   * @throws {AuthError} ERR_AUTH_INVALID for a token that is unknown, expired or revoked
   * @throws {StoreError} while the database is away, for one that is not in memory
   */
  async find(token: string, address?: string): Promise<TokenPrincipal> {
    const [, id, secret] = form.exec(token) ?? []
    const found = id === undefined ? undefined : await this.#cache.find(id)
    if (!found || secret === undefined || !fits(secret, found.digest)) throw new AuthError('ERR_AUTH_INVALID')
    return this.#used(found, address)
  }

  /** As `find`, of what is in memory: undefined for everything else. */
  known(token: string, address: string): TokenPrincipal | undefined {
    const seen = this.#seen.get(token)
    const id = seen?.id ?? form.exec(token)?.[1]
    const found = id === undefined ? undefined : this.#cache.known(id)
    if (!found) return undefined
    if (found !== seen) {
      const secret = form.exec(token)?.[2]
      if (secret === undefined || !fits(secret, found.digest)) return undefined
      if (this.#seen.size >= mostSeen) this.#seen.clear()
      this.#seen.set(token, found)
    }
    return this.#used(found, address)
  }

  /** Ends it here at once, on other replicas with their next look. @throws {KeyturnError} ERR_ACCESS_TOKEN_NOT_FOUND */
  async revoke(id: string, actor: string): Promise<void> {
    await transact(this.#database, async connection => {
      await bump(connection, tokensRevision)
      const row = await connection
        .selectFrom('tokens')
        .select(['name', 'revoked_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) throw new KeyturnError('ERR_ACCESS_TOKEN_NOT_FOUND')
      if (row.revoked_at !== null) return
      await connection
        .updateTable('tokens')
        .set({ revoked_at: this.#database.now })
        .where('id', '=', id)
        .execute()
      const detail = `${row.name} (${id})`
      await this.#events.record({ actor, action: 'token.revoked', detail }, connection)
    })
    await this.catchUp()
  }

  /** Whether it is a login of the operator at a command line. @throws {StoreError} */
  async isLoginOf(id: string, operator: string): Promise<boolean> {
    const found = this.#database.db
      .selectFrom('tokens')
      .select('id')
      .where('id', '=', id)
      .where('created_by', '=', login + operator)
      .execute()
    return (await asked(this.#database, found)).length > 0
  }

  /** The newest first, those that ended within the last 30 days among them. */
  async list(): Promise<readonly TokenView[]> {
    await this.#uses.flush(true)
    const rows = await asked(
      this.#database,
      this.#database.db
        .selectFrom('tokens')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute(),
    )
    const uses = await this.#uses.read()
    return rows.map(row => {
      const addresses = uses.get(row.id) ?? []
      return {
        id: row.id,
        name: row.name,
        scopes: JSON.parse(row.scopes) as Scope[],
        createdBy: row.created_by.replace(login, ''),
        isLogin: row.created_by.startsWith(login),
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        revokedAt: row.revoked_at,
        lastUsedAt: addresses[0]?.lastAt ?? null,
        addresses,
      }
    })
  }

  /** Calls the listener with the id of each token that was revoked anywhere, or expired. Returns what stops that. */
  onEnded(listener: (id: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Writes down from where tokens were used: call it every 10 s, and at the end. @throws {StoreError} */
  async flush(): Promise<void> {
    await this.#uses.flush()
    this.#uses.keep(id => this.#cache.has(id))
  }

  #used({ id, name, scopes, expiresAt }: LiveToken, address: string | undefined): TokenPrincipal {
    if (address !== undefined) this.#uses.note(id, address, this.#cache.now)
    return { kind: 'token', id, name, scopes, expiresAt }
  }

  async #create(connection: Connection, row: TokenToInsert, actor: string): Promise<CreatedToken> {
    const created = await insertToken(this.#database, connection, row)
    const { name, id, scopes } = created
    const detail = `${name} (${id}): ${scopes.join(' ')}`
    await this.#events.record({ actor, action: 'token.created', detail }, connection)
    return created
  }
}
