/** HubEvents: what happened to operators and tokens. Never a secret, and no name that nobody has. */
import { randomUUID } from 'node:crypto'
import type { Database } from '../database/open-database.ts'
import { asked, type Connection } from './transact.ts'

export type HubAction =
  | 'operator.created'
  | 'operator.login'
  | 'operator.login-failed'
  | 'operator.locked'
  | 'operator.password-changed'
  | 'operator.removed'
  | 'operator.role-changed'
  | 'setup.redeemed'
  | 'token.created'
  | 'token.revoked'

export interface HubEvent {
  /** Who did it: an operator, a token, or an address. */
  readonly actor: string
  readonly action: HubAction
  /** A sentence for people. */
  readonly detail: string
}

export interface RecordedEvent extends HubEvent {
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Milliseconds for which events are kept. */
const keptFor = 400 * 24 * 3_600_000
/** Events between two looks for old ones. */
const purgeEvery = 100
/** Outsiders cause these, so they are recorded a few at a time. */
const failuresAtOnce = 10
/** Milliseconds after which as many again are. */
const failureWindow = 60_000

export class HubEvents {
  readonly #database: Database
  readonly #now: () => number
  #sincePurge = purgeEvery
  #window = { opened: -Infinity, recorded: 0, leftOut: 0 }

  /** @param now milliseconds on a clock that only goes forward */
  constructor(database: Database, now = () => performance.now()) {
    this.#database = database
    this.#now = now
  }

  /** @param connection the transaction of the change, so that neither is without the other */
  async record(event: HubEvent, connection: Connection = this.#database.db): Promise<void> {
    const { actor, action, detail } = event
    const row = { id: randomUUID(), at: this.#database.now, actor, action, detail }
    await asked(this.#database, connection.insertInto('events').values(row).execute())
    this.#sincePurge += 1
    if (this.#sincePurge < purgeEvery) return
    this.#sincePurge = 0
    const { now } = this.#database
    await asked(
      this.#database,
      connection
        .deleteFrom('events')
        .where('at', '<', eb => eb(now, '-', keptFor))
        .execute(),
    )
  }

  /** A failed login. Many at a time are not each recorded; the next one that is says how many were left out. */
  async recordFailure(event: HubEvent): Promise<void> {
    const now = this.#now()
    if (now - this.#window.opened >= failureWindow)
      this.#window = { opened: now, recorded: 0, leftOut: this.#window.leftOut }
    if (this.#window.recorded >= failuresAtOnce) {
      this.#window.leftOut += 1
      return
    }
    const { leftOut } = this.#window
    this.#window.recorded += 1
    this.#window.leftOut = 0
    const detail = leftOut > 0 ? `${event.detail}; ${leftOut} more before it` : event.detail
    await this.record({ ...event, detail })
  }

  /** The newest first. */
  async list(limit = 100): Promise<readonly RecordedEvent[]> {
    const rows = this.#database.db
      .selectFrom('events')
      .selectAll()
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return (await asked(this.#database, rows)) as readonly (RecordedEvent & { action: HubAction })[]
  }
}
