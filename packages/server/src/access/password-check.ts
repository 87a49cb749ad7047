/** PasswordCheck: whether name and password are right, for those who may still guess. */
import type { Database } from '../database/open-database.ts'
import { AuthError } from './auth-error.ts'
import { networkOf } from './client-address.ts'
import type { HubEvents } from './events.ts'
import { FailureLimit } from './failure-limit.ts'
import { LockOut } from './lock-out.ts'
import { normalName } from './operator-rows.ts'
import type { Passwords } from './password.ts'

export interface Credentials {
  readonly name: string
  readonly password: string
  /** Of the client. */
  readonly address: string
}

/** Failures of one address, and the milliseconds in which they count. */
const failuresOfAddress = 20
const addressWindow = 15 * 60_000

export class PasswordCheck {
  readonly #events: HubEvents
  readonly #passwords: Passwords
  readonly #lockOut: LockOut
  readonly #addresses = new FailureLimit({
    lockedFor: failures => (failures >= failuresOfAddress ? addressWindow : 0),
    window: addressWindow,
  })

  constructor(database: Database, events: HubEvents, passwords: Passwords) {
    this.#events = events
    this.#passwords = passwords
    this.#lockOut = new LockOut(database)
  }

  /**
   * The operator's name and the stored hash that fitted. The attempt counts as failed in the row until `reset` is
   * written there.
   * @throws {AuthError} ERR_AUTH_CREDENTIALS; ERR_AUTH_LOCKED, with `retryAfter`, without a look at the password
   */
  async check(credentials: Credentials): Promise<{ readonly name: string; readonly stored: string }> {
    const { password, address } = credentials
    const name = normalName(credentials.name)
    this.#passwords.assertFree()
    const wasRight = this.#addresses.attempt(networkOf(address))
    const attempt = await this.#lockOut.attempt(name)
    // The same work for a name that nobody has, and for an operator without a password.
    const isRight = await this.#passwords.verify(attempt?.password ?? null, password)
    if (isRight && attempt?.password != null) {
      wasRight()
      return { name, stored: attempt.password }
    }
    // A name that nobody has may be a password in the wrong field.
    const detail = attempt ? `as ${name}` : 'as nobody who is known here'
    await this.#events.recordFailure({ actor: address, action: 'operator.login-failed', detail })
    if (attempt?.locks)
      await this.#events.record({
        actor: address,
        action: 'operator.locked',
        detail: `${name}, by failed logins`,
      })
    throw new AuthError('ERR_AUTH_CREDENTIALS')
  }
}

/** What a right password, or a new one, does to the row. */
export const reset = { failures: 0, locked_until: 0 } as const
