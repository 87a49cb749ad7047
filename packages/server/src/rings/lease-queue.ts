/** LeaseQueue: leases of all instances of a replica, written in batches, with what they count. */
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { RingError } from 'keyturn'
import { parseLease, type Counters, type Lease } from 'keyturn/ports'
import { asDatabaseError, isSerializationFailure } from '../database/database-error.ts'
import type { Database } from '../database/open-database.ts'
import { countersBetween, type SeriesCount } from '../series/counters-between.ts'
import { addToSeries } from '../series/series.ts'
import { halt } from './halt.ts'
import { leasesWithoutRoom, mostLeases } from './lease-room.ts'
import type { RingState } from './ring-rows.ts'
import { newRevision } from './sql-lease-board.ts'

/** A lease that waits to be stored, or a removal. */
interface Waiting {
  readonly ring: string
  readonly instance: string
  /** Absent: the instance goes. */
  readonly lease?: Lease
  readonly stored: () => void
  readonly failed: (error: unknown) => void
}

export interface LeaseQueueOptions {
  /** A lease is ahead of the database: changes of the ring halt. */
  readonly onHalt?: (ring: string, why: string) => void
  /** What the instances have counted since their last leases. */
  readonly onCounts?: (counts: readonly SeriesCount[]) => void
  /** Leases of a ring. @default 20,000 */
  readonly most?: number
}

/** Leases in one statement. */
const batch = 200
const mostTries = 5

/** A put returns when its lease is stored; puts that come while a batch is written make the next one. */
export class LeaseQueue {
  readonly #database: Database
  readonly #options: LeaseQueueOptions
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(database: Database, options: LeaseQueueOptions = {}) {
    this.#database = database
    this.#options = options
  }

  /** @throws {RingError} ERR_FLEET_FULL for a new name too many; {StoreError} */
  put(lease: Lease): Promise<void> {
    return this.#add({ ring: lease.ring, instance: lease.instance, lease })
  }

  /** In the order of the calls: a put before it is undone, one after it stands. */
  remove(ring: string, instance: string): Promise<void> {
    return this.#add({ ring, instance })
  }

  #add(what: Pick<Waiting, 'ring' | 'instance' | 'lease'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...what, stored: resolve, failed: reject })
      if (!this.#isWriting) void this.#write()
    })
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    // What arrives in the same turn of the event loop belongs together.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, batch)
      try {
        const refused = await this.#storeOrRetry(newestOf(taken))
        for (const each of taken)
          if (refused.has(nameOf(each))) each.failed(new RingError('ERR_FLEET_FULL'))
          else each.stored()
      } catch (error) {
        const reason = asDatabaseError(error, this.#database.name)
        for (const { failed } of taken) failed(reason)
      }
    }
    // At once after the last look at the queue: nobody may wait for a writer that has gone.
    this.#isWriting = false
  }

  /** Two replicas that write the same counters may have to wait for each other in turn. */
  async #storeOrRetry(newest: readonly Waiting[]): Promise<ReadonlySet<string>> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#store(newest)
      } catch (error) {
        if (!isSerializationFailure(error) || tries >= mostTries) throw error
        await pause(randomInt(5, 20 * tries))
      }
    }
  }

  /** Returns the names of those that there is no room for. */
  async #store(newest: readonly Waiting[]): Promise<ReadonlySet<string>> {
    const database = this.#database
    const { most = mostLeases, onCounts, onHalt } = this.#options
    const wanted = newest.flatMap(({ lease }) => (lease ? [lease] : []))
    let refused: ReadonlySet<string> = new Set()
    let counts: readonly SeriesCount[] = []
    const ahead = await database.db.transaction().execute(async transaction => {
      for (const { ring, instance, lease } of newest)
        if (!lease)
          await transaction
            .deleteFrom('leases')
            .where('ring', '=', ring)
            .where('instance', '=', instance)
            .execute()
      if (wanted.length === 0) return []
      const rings = [...new Set(wanted.map(({ ring }) => ring))]
      const before = await transaction
        .selectFrom('leases')
        .select(['ring', 'instance', 'lease'])
        .where('ring', 'in', rings)
        .where(
          'instance',
          'in',
          wanted.map(({ instance }) => instance),
        )
        .execute()
      const known = new Map(before.map(row => [nameOf(row), parseLease(row.lease)]))
      const fresh = wanted.filter(lease => lease.role === 'instance' && !known.has(nameOf(lease)))
      refused = new Set((await leasesWithoutRoom(transaction, database, fresh, most)).map(nameOf))
      const leases = wanted.filter(lease => !refused.has(nameOf(lease)))
      if (leases.length === 0) return []
      await transaction
        .insertInto('leases')
        .values(
          leases.map(lease => ({
            ring: lease.ring,
            instance: lease.instance,
            lease: JSON.stringify(lease),
            revision: newRevision(),
            seen_at: database.now,
          })),
        )
        .onConflict(conflict =>
          conflict.columns(['ring', 'instance']).doUpdateSet(row => ({
            lease: row.ref('excluded.lease'),
            revision: row.ref('excluded.revision'),
            seen_at: row.ref('excluded.seen_at'),
          })),
        )
        .execute()
      counts = leases.flatMap((lease): SeriesCount[] =>
        lease.role === 'instance'
          ? countersBetween(lease.ring, countedBy(lease, known.get(nameOf(lease))), lease.counters)
          : [],
      )
      await addToSeries(transaction, database, counts)
      return this.#ahead(transaction, leases, rings)
    })
    onCounts?.(counts)
    for (const { lease, why } of ahead)
      if (await halt(database, lease.ring, lease, why)) onHalt?.(lease.ring, why)
    return refused
  }

  /** Rings of which an instance has acknowledged what the database does not have. */
  async #ahead(
    transaction: Database['db'],
    leases: readonly Lease[],
    rings: readonly string[],
  ): Promise<readonly { readonly lease: Lease; readonly why: string }[]> {
    const rows = await transaction
      .selectFrom('rings')
      .select(['name', 'epoch', 'generation', 'hash', 'halted'])
      .where('name', 'in', [...rings])
      .execute()
    return rows.flatMap(({ name, halted, ...row }) => {
      if (halted !== null) return []
      const lease = leases.find(each => each.ring === name && isNews(each, row))
      if (!lease) return []
      const seen =
        lease.epoch === row.epoch && lease.generation === row.generation
          ? 'holds another ring of that generation'
          : `has seen generation ${lease.generation} of epoch ${lease.epoch}`
      const why = `the database holds generation ${row.generation} of epoch ${row.epoch}, ${lease.instance} ${seen}`
      return [{ lease, why }]
    })
  }
}

/** Whether an instance holds what the database has never heard of: a later generation, or another ring of this one. */
function isNews(lease: Lease, { epoch, generation, hash }: RingState): boolean {
  const step = lease.epoch - epoch || lease.generation - generation
  return step > 0 || (step === 0 && lease.hash !== undefined && lease.hash !== hash)
}

/** What the same process had counted when it sent its last lease; another process of that name begins anew. */
const countedBy = (lease: Lease, before: Lease | undefined): Counters | undefined =>
  before?.startedAt === lease.startedAt && before.process.start === lease.process.start
    ? before.counters
    : undefined

/** One statement may not name a row twice, and replicas that lock rows in one order never wait in a ring. */
function newestOf(waiting: readonly Waiting[]): readonly Waiting[] {
  const newest = new Map(waiting.map(each => [nameOf(each), each]))
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}

const nameOf = ({ ring, instance }: Pick<Lease, 'ring' | 'instance'>): string => `${ring}\n${instance}`
