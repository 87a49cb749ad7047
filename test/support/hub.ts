/** The hub as processes of its own: replicas over one PostgreSQL, rings on them, and backends of a ring. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { generateSecret } from 'keyturn'
import type { AuditEntry, RingDocument } from 'keyturn/ring'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { RotationView } from '../../packages/server/src/rotations/rotation-view.ts'
import type { NoServer } from '../../packages/server/test/postgres-binaries.ts'
import type { PostgresServer } from '../../packages/server/test/postgres.ts'
import { Balancer } from './balancer.ts'

const bin = fileURLToPath(new URL('../../packages/keyturn/bin/keyturn.js', import.meta.url))
const failpoints = 'data:text/javascript,globalThis.KEYTURN_FAILPOINTS=true'
const operator = { name: 'tester', password: 'nine lanterns over the harbour' }

/** Milliseconds for one rotation. */
const mostWait = 90_000

/** Every answer of any hub but those with keyrings, for the search for secrets. */
export const hubAnswers = new Set<string>()

/** What tidies up, and when: `onTestFinished`, or `afterAll`. */
export type Tidy = (action: () => Promise<void>) => void

export interface Replica {
  readonly child: ChildProcess
  readonly pid: number
  readonly url: string
  readonly setupLink: string | null
  /** Everything it printed. */
  readonly output: () => string
  readonly exited: Promise<NodeJS.Signals | null>
  /** Sends the signal, waits for the end, and returns the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<NodeJS.Signals | null>
}

export interface ReplicaOptions {
  readonly env: Readonly<Record<string, string>>
  /** Kills the process at this point of its work. */
  readonly failpoint?: string
  readonly tidy?: Tidy
}

/** `keyturn serve` on a free port. @throws {Error} with what it printed, when it ends instead */
export async function startReplica({
  env,
  failpoint,
  tidy = onTestFinished,
}: ReplicaOptions): Promise<Replica> {
  const flags = failpoint === undefined ? [] : ['--import', failpoints]
  const args = [...flags, bin, 'serve', '--port', '0', '--json']
  const child = spawn(process.execPath, args, {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      ...env,
      ...(failpoint !== undefined && { KEYTURN_FAILPOINT: failpoint }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const exited = new Promise<NodeJS.Signals | null>(resolve =>
    child.on('close', (_, signal) => resolve(signal)),
  )
  const end = (signal: NodeJS.Signals = 'SIGKILL'): Promise<NodeJS.Signals | null> => {
    child.kill(signal)
    return exited
  }
  tidy(async () => {
    child.kill('SIGCONT')
    await end()
  })
  const started = new Promise<{ url: string; setupLink: string | null }>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        const line = text.split('\n').find(each => each.includes('keyturn/serve/v1') && each.endsWith('}'))
        if (line) resolve(JSON.parse(line) as { url: string; setupLink: string | null })
      })
    void exited.then(() => reject(new Error(`the hub ended: ${text}`)))
  })
  return { child, pid: child.pid ?? 0, ...(await started), output: () => text, exited, end }
}

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
    { replicas = 2, tidy = onTestFinished as Tidy }: { replicas?: number; tidy?: Tidy } = {},
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

export interface InstanceShown {
  readonly instance: string
  readonly standing: string
  readonly generation: number
  readonly epoch: number
  readonly process: { readonly pid: number }
}

/** One ring of a hub. */
export class TestRing {
  readonly hub: TestHub
  readonly name: string
  /** Access token of its instances. */
  readonly token: string

  constructor(hub: TestHub, name: string, token: string) {
    this.hub = hub
    this.name = name
    this.token = token
  }

  /** What an instance of it is started with. @param url of the hub, as the instance sees it */
  env(url: string = this.hub.url): Record<string, string> {
    return { KEYTURN_URL: url, KEYTURN_RING: this.name, KEYTURN_TOKEN: this.token }
  }

  get path(): string {
    return `/v1/rings/${encodeURIComponent(this.name)}`
  }

  ask(method: string, path: string, options: Ask = {}): Promise<HubAnswer> {
    return this.hub.ask(method, this.path + path, options)
  }

  expect<Body>(method: string, path: string, options: Ask = {}): Promise<Body> {
    return this.hub.expect(method, this.path + path, options)
  }

  async document(at?: string): Promise<RingDocument> {
    const options = at === undefined ? {} : { at }
    return (await this.expect<{ document: RingDocument }>('GET', '', options)).document
  }

  async fleet(at?: string): Promise<readonly InstanceShown[]> {
    const options = at === undefined ? {} : { at }
    return (await this.expect<{ instances: InstanceShown[] }>('GET', '/fleet', options)).instances
  }

  trail(
    at?: string,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly notes: readonly unknown[] }> {
    return this.expect('GET', '/audit', at === undefined ? {} : { at })
  }

  /** Starts one, and returns it as it is after its first step. @param path `/rotations`, `/rollbacks`, `/emergency` */
  begin(path: string, body: object = {}, options: Ask = {}): Promise<RotationView> {
    const confirm = path === '/emergency' && { confirm: this.name }
    const grounds = path !== '/rotations/resume' && { reason: 'a test', ...confirm }
    return this.expect('POST', path, { ...options, body: { ...grounds, ...body } })
  }

  /** Follows one to its end, whatever happens to the replica that is asked. */
  async ended(id: string, options: Ask = {}): Promise<RotationView> {
    const deadline = performance.now() + mostWait
    for (let seen = 0; ;) {
      const answer = await this.ask('GET', `/rotations/${id}?wait=2000&seen=${seen}`, options).catch(
        () => undefined,
      )
      const view = answer?.status === 200 ? (answer.body as RotationView) : undefined
      if (view && view.state !== 'running') return view
      if (performance.now() > deadline)
        throw new Error(`not ended: ${JSON.stringify(view ?? answer?.body ?? 'no answer')}`)
      seen = view?.events.at(-1)?.n ?? seen
      if (!view) await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  /** To its end. @throws {Error} unless it is done */
  async done(path: string, body: object = {}, options: Ask = {}): Promise<RotationView> {
    const view = await this.ended((await this.begin(path, body, options)).id)
    if (view.state !== 'done') throw new Error(`${view.mode}: ${JSON.stringify(view.problem)}`)
    return view
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
