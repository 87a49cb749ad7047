/** What an instance counts. */
import type { Counters } from '../ports/lease-board.ts'

/** Counters since the start of the process. */
export class Counting {
  readonly #verified = new Map<string, number>()
  readonly #rejected = new Map<string, number>()
  readonly #signed = new Map<string, number>()
  #loginsSucceeded = 0
  #loginsFailed = 0
  #unexpectedSignOuts = 0

  verified(kid: string): void {
    bump(this.#verified, kid)
  }

  rejected(code: string): void {
    bump(this.#rejected, code)
  }

  signed(kid: string): void {
    bump(this.#signed, kid)
  }

  login(ok: boolean): void {
    if (ok) this.#loginsSucceeded += 1
    else this.#loginsFailed += 1
  }

  unexpectedSignOut(): void {
    this.#unexpectedSignOuts += 1
  }

  snapshot(): Counters {
    return {
      verified: Object.fromEntries(this.#verified),
      rejected: Object.fromEntries(this.#rejected),
      signed: Object.fromEntries(this.#signed),
      loginsSucceeded: this.#loginsSucceeded,
      loginsFailed: this.#loginsFailed,
      unexpectedSignOuts: this.#unexpectedSignOuts,
    }
  }
}

const bump = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1)
