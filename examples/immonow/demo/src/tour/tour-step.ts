/** TourStep: one change of the ring, made by the real command line, and everything that is measured around it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readToken } from '../login.ts'
import { backendCount, type Site } from '../site.ts'
import { countRows, type TableRows } from '../table-rows.ts'
import type { Refusal } from '../traffic.ts'
import { Checks } from './checks.ts'
import { keep, type KeptLogin } from './kept-login.ts'
import { Propagation } from './propagation.ts'

/** A row of the table at the end. */
export interface StepReport {
  readonly name: string
  /** The key that signs since then. */
  readonly kid: string
  readonly requests: number
  readonly refused: number
  readonly sessionsEnded: number
  readonly sessionsRestored: number
  /** From the start of the command to its end. */
  readonly commandSeconds: number
  /** From the change at the hub to the last backend that held it; undefined when one did not. */
  readonly heldMilliseconds: number | undefined
  readonly before: TableRows
  readonly after: TableRows
  readonly violations: readonly string[]
}

/** Milliseconds that a step waits for the users. */
const patience = 20_000

export class TourStep {
  readonly site: Site
  readonly checks: Checks
  /** Every device that was signed in before. */
  readonly kept: readonly KeptLogin[]
  /** The key that signs since the change. */
  kid = ''
  /** Milliseconds from the change at the hub to the last backend's first refusal of an old token. */
  refusedMilliseconds: number | undefined
  readonly #name: string
  readonly #say: (text: string) => void
  readonly #before: TableRows
  readonly #start: { readonly requests: number; readonly refused: number }
  #heldMilliseconds: number | undefined
  #seconds = 0
  #changedAt = 0
  readonly #refusals: Refusal[] = []

  constructor(site: Site, say: (text: string) => void, name: string, heading: string) {
    say(`\n${heading}`)
    this.site = site
    this.checks = new Checks(say)
    this.kept = keep(site.crowd.logins)
    this.#name = name
    this.#say = say
    this.#before = countRows(site.databaseFile)
    const { traffic } = site.crowd
    traffic.takeRefusals()
    this.#start = { requests: traffic.requests, refused: traffic.refused }
  }

  /** Runs the command and waits until every backend has taken the change. False when the command failed. */
  async change(args: readonly string[], untilRefused = false): Promise<boolean> {
    const { site } = this
    const quoted = args.map(arg => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')
    this.#say(`   $ keyturn ${quoted}`)
    const propagation = new Propagation(site.urls, this.kept[0]?.token ?? '')
    const { exit, document, messages, seconds } = await site.keyturn(args, text => this.#say(`     ${text}`))
    this.#changedAt = performance.now()
    this.#seconds = seconds
    this.kid = typeof document['kid'] === 'string' ? document['kid'] : ''
    const generation = Number(document['generation'] ?? Infinity)
    await propagation.settle(exit === 0 ? generation : 0, untilRefused && exit === 0)
    this.checks.expect(exit === 0, 'the command ends with exit code 0', `${exit}, ${messages.join(' ')}`)
    if (exit !== 0) return false
    const changedAt = await site.ring.changedAt(generation)
    this.#heldMilliseconds = propagation.heldAfter(generation, changedAt)
    this.refusedMilliseconds = propagation.refusedAfter(changedAt)
    const held = this.#heldMilliseconds
    this.checks.expect(
      held !== undefined,
      `every backend holds generation ${generation}${held === undefined ? '' : `, ${held} ms after the change`}`,
    )
    const proved = await site.ring.proved()
    this.checks.expect(
      proved.generation === generation && proved.instances === backendCount,
      `the hub has the proof of all ${backendCount} that they hold it`,
      `of ${proved.instances}, for generation ${proved.generation}`,
    )
    return true
  }

  /** Lets the users go on for a while. */
  async letUsersGoOn(milliseconds: number): Promise<void> {
    await sleep(milliseconds)
  }

  /** Waits until every user is signed in again and no device has an old token. Seconds since the command ended. */
  async untilEverybodyIsBack(): Promise<number | undefined> {
    const { crowd } = this.site
    const deadline = performance.now() + patience
    const isBack = (): boolean =>
      crowd.present === crowd.users.length &&
      crowd.logins.every(({ token }) => readToken(token).kid === this.kid)
    while (!isBack()) {
      if (performance.now() > deadline) return undefined
      await sleep(50)
    }
    return (performance.now() - this.#changedAt) / 1000
  }

  /** What was refused to the users since the step began. */
  refusals(): readonly Refusal[] {
    this.#refusals.push(...this.site.crowd.traffic.takeRefusals())
    return this.#refusals
  }

  /** The end of the step. */
  report(sessionsEnded: number, sessionsRestored: number): StepReport {
    const { traffic } = this.site.crowd
    const after = countRows(this.site.databaseFile)
    this.checks.expect(
      after.fingerprint === this.#before.fingerprint,
      `no data is lost: ${after.users} users and ${after.listings} listings, every value as before`,
      `before: ${this.#before.users} users and ${this.#before.listings} listings`,
    )
    return {
      name: this.#name,
      kid: this.kid,
      requests: traffic.requests - this.#start.requests,
      refused: traffic.refused - this.#start.refused,
      sessionsEnded,
      sessionsRestored,
      commandSeconds: this.#seconds,
      heldMilliseconds: this.#heldMilliseconds,
      before: this.#before,
      after,
      violations: this.checks.violations.map(text => `${this.#name}: ${text}`),
    }
  }
}
