/** IdempotencyKeys: the same key and the same request give the same answer, also on another replica. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { KeyturnError, Secret } from 'keyturn'
import { sql } from 'kysely'
import { asDatabaseError } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import type { IdempotencyRow } from '../database/schema.ts'
import type { Replicas } from '../rotations/replicas.ts'
import type { SealedPlace, Sealer } from '../sealing/sealer.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
  /** Of what was made. */
  readonly location?: string
}

/** The same request is still at work: asking again does it no second time. */
export class UnfinishedRequest extends KeyturnError {
  constructor() {
    super('ERR_REQUEST_IDEMPOTENCY', 'the first request with this key has not ended yet; ask again')
  }
}

/** Milliseconds. */
const keptFor = 24 * 3_600_000
/** Milliseconds after which a request that has not ended is begun again, though its replica lives. */
const abandonedAfter = 60_000
const mostWait = 20_000
const lookEvery = 100

export class IdempotencyKeys {
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #replicas: Pick<Replicas, 'id' | 'alive'>

  constructor(database: Database, sealer: Sealer, replicas: Pick<Replicas, 'id' | 'alive'>) {
    this.#database = database
    this.#sealer = sealer
    this.#replicas = replicas
  }

  /**
   * Does the work, or gives the answer of the same request before. What is refused may be tried again, and what was
   * begun by a replica that is gone is begun again: the work finds what was done already by the same key.
   * @param key who asks, and their key
   * @param request everything that makes it the same request
   * @throws {KeyturnError} ERR_REQUEST_IDEMPOTENCY
   */
  async once(key: string, request: string, work: () => Promise<Answer>): Promise<Answer> {
    const row = { key: digest(key), request: digest(request) }
    const deadline = performance.now() + mostWait
    while (!(await this.#claim(row))) {
      const found = await this.#find(row.key)
      if (found && found.request !== row.request) throw new KeyturnError('ERR_REQUEST_IDEMPOTENCY')
      if (found?.body && found.status !== null) return this.#answerOf(found)
      if (found && (await this.#isLeft(found))) continue
      if (performance.now() > deadline) throw new UnfinishedRequest()
      await pause(lookEvery)
    }
    let answer: Answer
    try {
      answer = await work()
    } catch (error) {
      // If that fails too, the claim ends by itself.
      await this.#forget(row.key).catch(() => undefined)
      throw error
    }
    // The work is done: it is not to be done again because its answer could not be kept.
    await this.#keep(row.key, answer).catch(() => undefined)
    return answer
  }

  /** Forgets old ones. */
  async tidy(): Promise<void> {
    const { db, now } = this.#database
    await db
      .deleteFrom('idempotency')
      .where('created_at', '<', sql<number>`${now} - ${sql.lit(keptFor)}`)
      .execute()
  }

  /** Whether nobody works on it any more; then it is free to be claimed. */
  async #isLeft({ key, replica }: IdempotencyRow): Promise<boolean> {
    if (replica === this.#replicas.id || (await this.#replicas.alive()).has(replica)) return false
    const { db, name } = this.#database
    try {
      await db
        .deleteFrom('idempotency')
        .where('key', '=', key)
        .where('replica', '=', replica)
        .where('status', 'is', null)
        .execute()
    } catch (error) {
      throw asDatabaseError(error, name)
    }
    return true
  }

  async #claim(row: { readonly key: string; readonly request: string }): Promise<boolean> {
    const { db, now, name } = this.#database
    try {
      await db
        .deleteFrom('idempotency')
        .where('key', '=', row.key)
        .where('status', 'is', null)
        .where('created_at', '<', sql<number>`${now} - ${sql.lit(abandonedAfter)}`)
        .execute()
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('idempotency')
        .values({ ...row, replica: this.#replicas.id, status: null, body: null, created_at: now })
        .onConflict(conflict => conflict.column('key').doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    } catch (error) {
      throw asDatabaseError(error, name)
    }
  }

  async #find(key: string): Promise<IdempotencyRow | undefined> {
    const { db, name } = this.#database
    try {
      return await db.selectFrom('idempotency').selectAll().where('key', '=', key).executeTakeFirst()
    } catch (error) {
      throw asDatabaseError(error, name)
    }
  }

  async #forget(key: string): Promise<void> {
    await this.#database.db.deleteFrom('idempotency').where('key', '=', key).execute()
  }

  /** An answer may hold a fresh access token, so it is sealed. */
  async #keep(key: string, { status, ...rest }: Answer): Promise<void> {
    await this.#database.db
      .updateTable('idempotency')
      .set({ status, body: this.#sealer.seal(new Secret(JSON.stringify(rest)), placeOf(key)) })
      .where('key', '=', key)
      .execute()
  }

  #answerOf({ key, status, body }: IdempotencyRow): Answer {
    const rest = JSON.parse(this.#sealer.open(body ?? '', placeOf(key)).reveal()) as Omit<Answer, 'status'>
    return { ...rest, status: status ?? 200 }
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

const placeOf = (key: string): SealedPlace => ({
  ring: 'idempotency',
  kid: key,
  state: 'answer',
  generation: 0,
  epoch: 0,
})
