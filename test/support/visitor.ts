/** A signed-in person as a browser behaves: calls the API, refreshes in time, and keeps count of what was refused. */

export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly reason?: string
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

/** Every answer to any visitor, for the search for secrets. */
export const answers = { bytes: 0, bodies: new Set<string>() }

export async function call(
  url: string,
  options: { method?: string; token?: string | undefined; cookie?: string | undefined; body?: unknown } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    headers: {
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...(options.cookie !== undefined && { cookie: options.cookie }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  })
  const text = await response.text()
  answers.bytes += text.length
  if (response.status >= 400) answers.bodies.add(text)
  return {
    status: response.status,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    headers: response.headers,
  }
}

export const problemOf = (answer: Answer): Problem => answer.body as Problem

let count = 0

export class Visitor {
  readonly email: string
  readonly #password = 'a long enough pass phrase'
  token = ''
  cookie = ''
  /** Epoch milliseconds, from the token itself. */
  expiresAt = 0

  constructor() {
    count += 1
    this.email = `visitor-${process.pid}-${count}@example.test`
  }

  async register(url: string): Promise<void> {
    const { status, body } = await call(`${url}/api/auth/register`, {
      method: 'POST',
      body: { email: this.email, password: this.#password, name: 'Visitor' },
    })
    if (status !== 201) throw new Error(`register: ${status} ${JSON.stringify(body)}`)
  }

  async login(url: string): Promise<Answer> {
    return this.#take(
      await call(`${url}/api/auth/login`, {
        method: 'POST',
        body: { email: this.email, password: this.#password },
      }),
    )
  }

  async refresh(url: string): Promise<Answer> {
    return this.#take(await call(`${url}/api/auth/refresh`, { method: 'POST', cookie: this.cookie }))
  }

  me(url: string, token = this.token): Promise<Answer> {
    return call(`${url}/api/auth/me`, { token })
  }

  #take(answer: Answer): Answer {
    if (answer.status !== 200) return answer
    const { accessToken } = answer.body as { accessToken: string }
    this.token = accessToken
    const { exp } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
      exp: number
    }
    this.expiresAt = exp * 1000
    this.cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? this.cookie
    return answer
  }
}
