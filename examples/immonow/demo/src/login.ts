/** Login: one device of a user, with its access token and its refresh cookie. */
import { call, parsed, type Answer } from './http-call.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

interface SignedIn {
  readonly accessToken: string
}

export class Login {
  #token: string
  #cookie: string
  #refreshing: Promise<Answer> | undefined

  private constructor(token: string, cookie: string) {
    this.#token = token
    this.#cookie = cookie
  }

  /** Signs in; without a login in the result the answer says why not. */
  static async signIn(
    backend: string,
    { email, password }: Credentials,
  ): Promise<{ answer: Answer; login?: Login }> {
    const answer = await call(backend, '/api/auth/login', { method: 'POST', json: { email, password } })
    const token = parsed<SignedIn>(answer)?.accessToken
    const cookie = cookieIn(answer)
    if (answer.status !== 200 || token === undefined || cookie === undefined) return { answer }
    return { answer, login: new Login(token, cookie) }
  }

  get token(): string {
    return this.#token
  }

  get cookie(): string {
    return this.#cookie
  }

  /** A new access token for the session. Callers that come while one is under way share it, as in a browser. */
  refresh(backend: string): Promise<Answer> {
    this.#refreshing ??= this.#refresh(backend).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #refresh(backend: string): Promise<Answer> {
    const answer = await call(backend, '/api/auth/refresh', { method: 'POST', cookie: this.#cookie })
    if (answer.status !== 200) return answer
    this.#token = parsed<SignedIn>(answer)?.accessToken ?? this.#token
    this.#cookie = cookieIn(answer) ?? this.#cookie
    return answer
  }
}

/** Name and value of the refresh cookie that an answer sets. */
const cookieIn = ({ headers }: Answer): string | undefined =>
  headers['set-cookie']?.find(line => line.startsWith('immonow_refresh='))?.split(';')[0]

/** The key that signed a token, and when the token ends (epoch seconds). Read, not verified. */
export function readToken(token: string): { kid: string; expires: number } {
  const [header = '', payload = ''] = token.split('.')
  const { kid } = decoded<{ kid?: string }>(header)
  const { exp } = decoded<{ exp?: number }>(payload)
  return { kid: kid ?? '', expires: exp ?? 0 }
}

const decoded = <Part>(part: string): Part =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Part
