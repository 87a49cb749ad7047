/** The hub in tests: replicas as processes of their own over one PostgreSQL, with an admin. */
import { randomBytes } from 'node:crypto'
import { generateSecret } from 'keyturn'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { NoServer } from '../../packages/server/test/postgres-binaries.ts'
import type { PostgresServer } from '../../packages/server/test/postgres.ts'
import { Balancer } from './balancer.ts'
import { startReplica, type Replica, type Tidy } from './replica.ts'
import { TestRing } from './ring-of-hub.ts'

const operator = { name: 'tester', password: 'nine lanterns over the harbour' }

/** Every answer of any hub but those with keyrings, for the search for secrets. */
export const hubAnswers = new Set<string>()

export interface HubAnswer {
  readonly status: number
  /** The code of a problem; empty for any other answer. */
  readonly code: string
  readonly body: unknown
  readonly headers: Headers
}

export interface Ask {
  readonly body?: object
  /** Address of one replica. @default whichever the balancer finds */
  readonly at?: string
  /** @default the admin's */
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Replicas over one empty database, with an admin. */
export class TestHub {
  readonly replicas: Replica[] = []
  /** What a replica of this hub is started with. */
  readonly env: Readonly<Record<string, string>>
  /** Name of its database. */
  readonly database: string
  readonly balancer: Balancer
  readonly #tidy: Tidy
  #admin = ''

  private constructor(url: URL, balancer: Balancer, tidy: Tidy) {
    this.env = { DATABASE_URL: url.href, KEYTURN_MASTER_KEY: generateSecret() }
    this.database = url.pathname.slice(1)
    this.balancer = balancer
    this.#tidy = tidy
  }

  static async on(
    server: PostgresServer,
    { replicas = 2, tidy = onTestFinished }: { replicas?: number; tidy?: Tidy } = {},
  ): Promise<TestHub> {
    const database = `hub_${randomBytes(6).toString('hex')}`
    await server.query(`create database ${database}`)
    const hub = new TestHub(new URL(server.url(database)), await Balancer.start(tidy), tidy)
    const first = await hub.start()
    await hub.#setUp(first)
    await Promise.all(Array.from({ length: replicas - 1 }, () => hub.start()))
    return hub
  }

  /** Where instances find it, whichever replica lives. */
  get url(): string {
    return this.balancer.url
  }

  /** One more replica. @param env beside that of the hub */
  async start({
    env = {},
    failpoint,
    isBalanced = true,
  }: { env?: Record<string, string>; failpoint?: string; isBalanced?: boolean } = {}): Promise<Replica> {
    const replica = await startReplica({
      env: { ...this.env, ...env },
      ...(failpoint !== undefined && { failpoint }),
      tidy: this.#tidy,
    })
    this.replicas.push(replica)
    if (isBalanced) this.balancer.add(replica.url)
    void replica.exited.then(() => {
      this.balancer.remove(replica.url)
      this.replicas.splice(this.replicas.indexOf(replica), 1)
    })
    return replica
  }

  async #setUp({ url, setupLink }: Replica): Promise<void> {
    const secret = new URL(setupLink ?? '').hash.slice(1)
    const json = { 'content-type': 'application/json' }
    const entered = await fetch(`${url}/v1/setup`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ secret, ...operator }),
    })
    const { csrf } = (await entered.json()) as { csrf: string }
    const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const made = await fetch(`${url}/v1/tokens`, {
      method: 'POST',
      headers: { ...json, cookie, 'x-keyturn-csrf': csrf },
      body: JSON.stringify({ name: 'tests', scopes: ['admin'] }),
    })
    this.#admin = ((await made.json()) as { token: string }).token
  }

  async ask(method: string, path: string, options: Ask = {}): Promise<HubAnswer> {
    const { body, at = this.url, token = this.#admin, headers } = options
    const response = await fetch(at + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    })
    const text = await response.text()
    if (!path.endsWith('/keyring') && !path.endsWith('/tokens')) hubAnswers.add(text)
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const found: unknown = isJson && text !== '' ? JSON.parse(text) : text
    const code = response.ok ? '' : String((found as { code?: unknown }).code)
    return { status: response.status, code, body: found, headers: response.headers }
  }

  /** As `ask`, for an answer that must be right. @throws {Error} */
  async expect<Body>(method: string, path: string, options: Ask = {}): Promise<Body> {
    const { status, body } = await this.ask(method, path, options)
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`)
    return body as Body
  }

  tokenFor(...scopes: readonly string[]): Promise<string> {
    return this.expect<{ token: string }>('POST', '/v1/tokens', { body: { name: 'a test', scopes } }).then(
      ({ token }) => token,
    )
  }

  /** A new ring, with a token for its instances. */
  async ring(limits: object): Promise<TestRing> {
    const name = `immonow/test-${randomBytes(4).toString('hex')}`
    await this.expect('POST', '/v1/rings', { body: { ring: name, limits, reason: 'a test' } })
    return new TestRing(this, name, await this.tokenFor(`instance:${name}`))
  }
}

/** One hub for all tests of a file. It is there once they run, if the server is. */
export function hubOfFile(server: PostgresServer | NoServer, replicas = 2): () => TestHub {
  const actions: (() => Promise<void>)[] = []
  let hub: TestHub | undefined
  beforeAll(async () => {
    if ('cannot' in server) return
    hub = await TestHub.on(server, { replicas, tidy: action => actions.push(action) })
  })
  afterAll(async () => {
    for (const action of actions.reverse()) await action()
  })
  return () => {
    if (!hub) throw new Error('no hub')
    return hub
  }
}
