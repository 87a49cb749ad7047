/** A whole service on a loopback port, over a ring and a database of its own. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createKeyring, generateSecret, type Keyring } from 'keyturn'
import { systemClock } from 'keyturn/ports'
import type { RotationContext } from 'keyturn/rotation'
import { envFile } from 'keyturn/stores/env-file'
import { onTestFinished } from 'vitest'

import { buildApp, type AppOptions } from '../src/app.ts'
import type { Database } from '../src/database/database.ts'
import { temporaryDatabase, temporaryFolder } from './temporary-database.ts'

export interface RunningService {
  readonly url: string
  readonly app: FastifyInstance
  readonly keyring: Keyring
  readonly database: Database
  /** For rotating the ring under the service. */
  readonly rotation: RotationContext
  /** Turned by tests: added to the wall clock of the application, in milliseconds. */
  readonly time: { offset: number }
}

export async function startService(
  options: Partial<Omit<AppOptions, 'keyring' | 'database' | 'now'>> = {},
): Promise<RunningService> {
  const database = await temporaryDatabase()
  const file = join(temporaryFolder(), '.env')
  writeFileSync(file, `JWT_SECRET_KEY=${generateSecret()}\n`, { mode: 0o600 })
  const keyring = await createKeyring({ env: { KEYTURN_ENV_FILE: file }, log: () => {} })
  onTestFinished(() => keyring.close())
  const time = { offset: 0 }
  const app = await buildApp({ ...options, keyring, database, now: () => Date.now() + time.offset })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const { store, leases } = envFile(file)
  const rotation = { store, leases, clock: systemClock, actor: 'test' }
  return { url, app, keyring, database, rotation, time }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into documents of any shape
  readonly body: any
}

/** Names of the fields that an answer complains about, in order. */
export const fieldsOf = (answer: Answer): string[] =>
  (answer.body as { fields: { field: string }[] }).fields.map(({ field }) => field).sort()

/** One browser: it keeps its refresh cookie and its access token. */
export class Visitor {
  readonly #url: string
  cookie: string | undefined
  accessToken: string | undefined

  constructor(url: string) {
    this.#url = url
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.cookie !== undefined && path.startsWith('/api/auth/') && { cookie: this.cookie }),
        ...(this.accessToken !== undefined && { authorization: `Bearer ${this.accessToken}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      if (!pair.startsWith('immonow_refresh=')) continue
      this.cookie = pair.endsWith('=') ? undefined : pair
    }
    return {
      status: response.status,
      headers: response.headers,
      body: type.includes('json') && text ? JSON.parse(text) : text,
    }
  }

  async register(name = 'Erika', password = 'Grüne Wiese 7'): Promise<Answer> {
    return this.send('POST', '/api/auth/register', { email: `${name}@example.org`, password, name })
  }

  async logIn(name = 'Erika', password = 'Grüne Wiese 7'): Promise<Answer> {
    const answer = await this.send('POST', '/api/auth/login', { email: `${name}@example.org`, password })
    if (answer.status === 200) this.accessToken = answer.body.accessToken
    return answer
  }

  async refresh(): Promise<Answer> {
    const answer = await this.send('POST', '/api/auth/refresh')
    if (answer.status === 200) this.accessToken = answer.body.accessToken
    return answer
  }

  async me(): Promise<Answer> {
    return this.send('GET', '/api/auth/me')
  }
}

/** A visitor with an account, logged in. */
export async function loggedIn(url: string, name = 'Erika'): Promise<Visitor> {
  const visitor = new Visitor(url)
  await visitor.register(name)
  await visitor.logIn(name)
  return visitor
}
