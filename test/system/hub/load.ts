/** Load: signed-in people at several backends at once, and a judgement of each answer that was no success. */
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { AuditEntry } from 'keyturn/ring'
import { onTestFinished } from 'vitest'
import type { Backend } from '../../support/backends.ts'
import { problemOf, Visitor, type Answer } from '../../support/visitor.ts'

/** An answer that was no success. Times are epoch milliseconds. */
export interface Refusal {
  readonly what: 'me' | 'new token' | 'refresh' | 'login'
  readonly status: number
  readonly code: string
  readonly backend: string
  readonly from: number
  readonly to: number
  readonly kid: string
  readonly expiresAt: number
  readonly loginAt: number
}

interface Person {
  readonly visitor: Visitor
  loginAt: number
  isBusy: boolean
  isSignedOut: boolean
}

const kidIn = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid

export class Load {
  readonly refusals: Refusal[] = []
  requests = 0
  newTokens = 0
  readonly #people: Person[] = []
  readonly #backends: readonly Backend[]
  #isRunning = false
  #loops: Promise<void>[] = []
  #startedAt = 0

  constructor(backends: readonly Backend[]) {
    this.#backends = backends
  }

  /** Of everybody who is signed in. */
  get tokens(): readonly string[] {
    return this.#people.map(({ visitor }) => visitor.token)
  }

  async signIn(people: number): Promise<void> {
    for (let number = 0; number < people; number += 1) {
      const person = { visitor: new Visitor(), loginAt: 0, isBusy: false, isSignedOut: false }
      await person.visitor.register(this.#any())
      await this.#renew(person, 'login')
      this.#people.push(person)
    }
  }

  /** @param loops requests of one person at a time @param wait milliseconds between two of a loop */
  start({ loops, wait }: { loops: number; wait: number }): void {
    onTestFinished(async () => void (await this.stop()))
    this.#isRunning = true
    this.#startedAt = performance.now()
    this.#loops = this.#people.flatMap(person =>
      Array.from({ length: loops }, () => this.#browse(person, wait)),
    )
  }

  /** Stops, and says how many requests a second it was. */
  async stop(): Promise<number> {
    this.#isRunning = false
    await Promise.all(this.#loops)
    return (this.requests * 1000) / (performance.now() - this.#startedAt)
  }

  #any(): string {
    return this.#backends[randomInt(this.#backends.length)]?.url ?? ''
  }

  async #browse(person: Person, wait: number): Promise<void> {
    const { visitor } = person
    const life = visitor.expiresAt - Date.now()
    while (this.#isRunning) {
      const isDue = visitor.expiresAt - Date.now() < life / 2 || randomInt(20) === 0
      if (!person.isBusy && (isDue || person.isSignedOut)) {
        person.isBusy = true
        await this.#renew(person, person.isSignedOut ? 'login' : 'refresh')
        person.isBusy = false
      } else await this.#me(person, this.#any(), 'me')
      await pause(wait / 2 + randomInt(wait))
    }
  }

  /** A new token goes to every backend at once: none may refuse it, whoever signed it. */
  async #renew(person: Person, what: 'refresh' | 'login'): Promise<void> {
    const { visitor } = person
    const [from, url] = [Date.now(), this.#any()]
    const answer = await visitor[what](url).catch(lost)
    this.#note(person, what, { answer, from, url, expiresAt: Infinity })
    if (answer.status !== 200) return
    if (what === 'login') Object.assign(person, { loginAt: from, isSignedOut: false })
    this.newTokens += 1
    await Promise.all(this.#backends.map(backend => this.#me(person, backend.url, 'new token')))
  }

  async #me(person: Person, url: string, what: Refusal['what']): Promise<void> {
    const { token, expiresAt } = person.visitor
    const from = Date.now()
    const answer = await person.visitor.me(url, token).catch(lost)
    this.#note(person, what, { answer, from, url, token, expiresAt })
  }

  #note(
    person: Person,
    what: Refusal['what'],
    asked: { answer: Answer; from: number; url: string; token?: string; expiresAt: number },
  ): void {
    const { answer, from, url, token, expiresAt } = asked
    this.requests += 1
    if (answer.status === 200) return
    const { code } = problemOf(answer)
    // Somebody else's request of this person may be older than the login since.
    if (/^ERR_(KEY_SUSPENDED|KEY_COMPROMISED|SESSION_ENDED)$/.test(code) && from >= person.loginAt)
      person.isSignedOut = true
    const { status } = answer
    const { loginAt } = person
    const kid = token === undefined ? '' : kidIn(token)
    this.refusals.push({ what, status, code, backend: url, from, to: Date.now(), kid, expiresAt, loginAt })
  }
}

/** A connection that broke, as an answer. */
const lost = (error: unknown): Answer => ({
  status: 0,
  body: { code: String((error as Error).cause ?? error) },
  headers: new Headers(),
})

/** A time from which a key, or every login before it, was dead. */
interface Death {
  readonly kid?: string
  readonly from: number
  readonly to: number
}

/**
 * Refusals that no change of the ring explains.
 * @param endedBy when everybody had confirmed what was changed at that time, epoch milliseconds: until then an
 *   instance may refuse what a rollback has brought back
 */
export function unjust(
  refusals: readonly Refusal[],
  entries: readonly AuditEntry[],
  endedBy: (time: number) => number,
): readonly Refusal[] {
  const deaths = deathsIn(entries, endedBy)
  const isDuring = (death: Death, { from, to }: Refusal): boolean => death.from <= to && death.to >= from
  return refusals.filter(refusal => {
    if (refusal.status !== 401) return true
    if (refusal.code === 'ERR_TOKEN_EXPIRED') return refusal.expiresAt > refusal.to
    const ofWhat = (death: Death): boolean =>
      refusal.kid === ''
        ? death.kid === undefined && death.from >= refusal.loginAt
        : death.kid === refusal.kid
    return !deaths.some(death => ofWhat(death) && isDuring(death, refusal))
  })
}

function deathsIn(entries: readonly AuditEntry[], endedBy: (time: number) => number): readonly Death[] {
  const keys = new Map<string, number>()
  const deaths: Death[] = []
  let logins: { from: number; cutoff: number }[] = []
  let cutoff = 0
  for (const entry of entries) {
    const at = Date.parse(entry.at)
    for (const [kid, , to] of entry.keys) {
      if (to === 'suspended' || to === 'compromised' || to === 'destroyed') {
        if (!keys.has(kid)) keys.set(kid, at)
      } else if (to !== 'staged' && keys.has(kid)) {
        deaths.push({ kid, from: keys.get(kid) ?? at, to: endedBy(at) })
        keys.delete(kid)
      }
    }
    if (entry.cutoff > cutoff) logins.push({ from: at, cutoff: entry.cutoff })
    if (entry.cutoff < cutoff) {
      for (const each of logins.filter(login => login.cutoff > entry.cutoff))
        deaths.push({ from: each.from, to: endedBy(at) })
      logins = logins.filter(login => login.cutoff <= entry.cutoff)
    }
    cutoff = entry.cutoff
  }
  for (const [kid, from] of keys) deaths.push({ kid, from, to: Infinity })
  for (const { from } of logins) deaths.push({ from, to: Infinity })
  return deaths
}
