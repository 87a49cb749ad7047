/** Passwords: which ones are accepted, and argon2id for a few at a time. */
import { hash, verify } from '@node-rs/argon2'
import { AuthError } from './auth-error.ts'

const shortest = 12
const longestBytes = 1024
/** What remains of a password without the name and the famous words has at least so many different characters. */
const ownCharacters = 5

/** Longer words before the words they contain. */
const famous = [
  ...['administrator', 'correcthorsebatterystaple', '1q2w3e4r5t6y', 'qwertyuiop', 'qwertzuiop', '1234567890'],
  ...['123456789', 'trustno1', 'password', 'passwort', 'passw0rd', 'p@ssw0rd', 'p@ssword', 'iloveyou'],
  ...['asdfghjkl', 'willkommen', 'changeme', 'starwars', 'football', 'baseball', 'superman', 'sunshine'],
  ...['princess', 'welcome', 'letmein', 'keyturn', '1q2w3e4r', '12345678', 'abcdefgh', '1qaz2wsx', 'qwerty'],
  ...['qwertz', 'asdfgh', 'zxcvbn', 'yxcvbn', 'secret', 'geheim', 'monkey', 'dragon', 'master', 'shadow'],
  ...['summer', 'winter', 'sommer', 'hallo', 'admin', '123456', 'abc123', '1234', 'login', 'test', 'root'],
]

/** The same text whatever keyboard or system wrote it. */
const normal = (password: string): string => password.normalize('NFKC')

/** @throws {AuthError} ERR_AUTH_PASSWORD for one that is short, huge or easily guessed */
export function checkPassword(password: string, name: string): void {
  if (Buffer.byteLength(password) > longestBytes)
    throw new AuthError('ERR_AUTH_PASSWORD', `the password is longer than ${longestBytes} bytes`)
  const text = normal(password)
  if ([...text].length < shortest)
    throw new AuthError('ERR_AUTH_PASSWORD', `the password has fewer than ${shortest} characters`)
  const lower = text.toLowerCase()
  const rest = [name.toLowerCase(), ...famous].reduce((left, word) => left.replaceAll(word, ''), lower)
  if (new Set(rest).size < ownCharacters)
    throw new AuthError(
      'ERR_AUTH_PASSWORD',
      'the password is easily guessed: it is little more than the name, a famous password or one character again and again',
    )
}

/** OWASP's least for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** What a login for an unknown name is compared with: the hash of 32 random bytes that nobody kept, at the same cost. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$uxXwhtVNqcR+1VbGGKb/dg$UrVS36ZsdpHGdoHRyebLK1D2iSwt1HQ71LUZzCfimFo'

/** Computations at a time: each takes 19 MiB and a core for tens of milliseconds. */
const atOnce = 4
const mostWaiting = 40

/** Argon2id for one process: a few computations at a time, the others wait, and too many are turned away. */
export class Passwords {
  #running = 0
  #computed = 0
  readonly #waiting: (() => void)[] = []

  /** Computations done or begun since the start. */
  get computed(): number {
    return this.#computed
  }

  /** @throws {AuthError} ERR_AUTH_LOCKED while too many wait already */
  assertFree(): void {
    if (this.#waiting.length >= mostWaiting)
      throw new AuthError('ERR_AUTH_LOCKED', 'too many logins at once', { retryAfter: 2 })
  }

  /** @throws {AuthError} ERR_AUTH_PASSWORD, ERR_AUTH_LOCKED */
  async hash(password: string, name: string): Promise<string> {
    checkPassword(password, name)
    return this.#inTurn(() => hash(normal(password), cost))
  }

  /** False for an operator without a password (`null`), after the same work. @throws {AuthError} ERR_AUTH_LOCKED */
  async verify(stored: string | null, password: string): Promise<boolean> {
    // No stored one is this long, and its length is not worth hashing.
    const given = Buffer.byteLength(password) > longestBytes ? '' : normal(password)
    const isRight = await this.#inTurn(() => verify(stored ?? nobody, given))
    return isRight && stored !== null
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.assertFree()
    // Who leaves hands the place over, so that nobody slips in between.
    if (this.#running >= atOnce) await new Promise<void>(resolve => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      this.#computed += 1
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}

/** The ones of this process: the machine is one, whoever asks. */
export const sharedPasswords = new Passwords()
