/** SimulatedUser: somebody who looks at homes, on one device or two, and logs in again when sent to the login page. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DemoError } from './demo-error.ts'
import { call, problemIn, type Answer } from './http-call.ts'
import { Login, type Credentials } from './login.ts'
import type { Traffic } from './traffic.ts'

/** What the crowd hears of a user. */
export interface UserNews {
  /** No device is signed in any more. `reason` is what the login page would say. */
  signedOut(reason: string): void
  signedInAgain(): void
}

const cities = ['Berlin', 'Hamburg', 'Köln', 'Leipzig', 'München', 'Stuttgart']
const mostDevices = 2
const mostEnded = 4

export class SimulatedUser {
  readonly #credentials: Credentials
  readonly #name: string
  readonly #traffic: Traffic
  readonly #news: UserNews
  #logins: Login[] = []
  /** Devices that a cutoff signed out. They keep their cookie: a rollback brings them back. */
  #ended: Login[] = []

  constructor(number: number, traffic: Traffic, news: UserNews) {
    this.#name = `Demo user ${number}`
    this.#credentials = {
      email: `user-${number}@immonow.example`,
      password: randomBytes(12).toString('base64url'),
    }
    this.#traffic = traffic
    this.#news = news
  }

  /** Devices that are signed in. */
  get logins(): readonly Login[] {
    return this.#logins
  }

  /** Registers and signs in. @throws {DemoError} when that is refused */
  async enter(): Promise<void> {
    const { email, password } = this.#credentials
    const json = { email, password, name: this.#name }
    const backend = this.#traffic.url(this.#traffic.anyBackend())
    const answer = await call(backend, '/api/auth/register', { method: 'POST', json })
    if (answer.status !== 201) throw refusedTo('register', answer)
    const signedIn = await this.#signIn()
    if (signedIn.status !== 200) throw refusedTo('sign in', signedIn)
  }

  /** One thing that a user does. */
  async act(): Promise<void> {
    const login = this.#logins[Math.floor(Math.random() * this.#logins.length)]
    if (!login) return this.#comeBack()
    const dice = Math.random()
    if (dice < 0.25) await this.#browse()
    else if (dice < 0.28) await this.#renew(login)
    else if (dice < 0.284) await this.#signIn()
    else await this.#lookAtAccount(login)
  }

  /** Asks whether the ended devices are signed in again. How many are. */
  async retryEnded(): Promise<number> {
    let restored = 0
    for (const login of this.#ended.splice(0)) {
      const answer = await login.refresh(this.#traffic.url(this.#traffic.anyBackend()))
      if (answer.status === 200) {
        this.#logins.push(login)
        restored += 1
      } else if (problemIn(answer).reason !== 'security') this.#ended.push(login)
    }
    return restored
  }

  async #browse(): Promise<void> {
    const city = cities[Math.floor(Math.random() * cities.length)] ?? ''
    const path = `/api/listings?city=${encodeURIComponent(city)}&maxPrice=900000`
    await this.#patient(await this.#traffic.send(this.#traffic.anyBackend(), path))
  }

  async #lookAtAccount(login: Login): Promise<void> {
    const { token } = login
    const answer = await this.#traffic.send(this.#traffic.anyBackend(), '/api/auth/me', { token })
    // As any front end: a token that is refused is renewed; what happens then decides.
    if (answer.status === 401) await this.#renew(login)
    else await this.#patient(answer)
  }

  async #renew(login: Login): Promise<void> {
    const backend = this.#traffic.anyBackend()
    const answer = await login.refresh(this.#traffic.url(backend))
    this.#traffic.count(backend, '/api/auth/refresh', answer)
    if (answer.status === 401) this.#end(login, problemIn(answer).reason ?? 'expired')
    else await this.#patient(answer)
  }

  #end(login: Login, reason: string): void {
    if (!this.#logins.includes(login)) return
    this.#logins = this.#logins.filter(each => each !== login)
    if (reason !== 'security') this.#ended = [...this.#ended, login].slice(-mostEnded)
    if (this.#logins.length === 0) this.#news.signedOut(reason)
  }

  /** The login page: a moment to read why, then e-mail address and password. */
  async #comeBack(): Promise<void> {
    await sleep(300 + Math.random() * 900)
    const answer = await this.#signIn()
    if (answer.status === 200) this.#news.signedInAgain()
    else await this.#patient(answer)
  }

  async #signIn(): Promise<Answer> {
    const backend = this.#traffic.anyBackend()
    const { answer, login } = await Login.signIn(this.#traffic.url(backend), this.#credentials)
    this.#traffic.count(backend, '/api/auth/login', answer)
    if (login) this.#logins = [...this.#logins, login].slice(-mostDevices)
    return answer
  }

  /** Does what Retry-After says. */
  async #patient({ status, headers }: Answer): Promise<void> {
    if (status === 503) await sleep(Math.min(5, Number(headers['retry-after'] ?? 1)) * 1000)
  }
}

const refusedTo = (what: string, answer: Answer): DemoError =>
  new DemoError(`a simulated user could not ${what}: ${answer.status} ${problemIn(answer).code ?? ''}`.trim())
