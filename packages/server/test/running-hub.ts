/** startHub: a real hub on an empty folder, asked over real HTTP, with whoever may ask it. Gone when the test ends. */
import { mkdtempSync, rmSync } from 'node:fs'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyring, type Keyring } from 'keyturn'
import type { RingDocument } from 'keyturn/ring'
import { hub as hubSource } from 'keyturn/stores/hub'
import { expect, onTestFinished } from 'vitest'
import type { Role } from '../src/access/scopes.ts'
import type { Hub } from '../src/hub.ts'
import type { RotationView } from '../src/rotations/rotation-view.ts'
import { serve, type RunningHub, type ServeOptions } from '../src/serve.ts'

/** How a request shows who makes it. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
}

export interface Call {
  readonly as?: Credentials
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Of JSON; undefined for any other text. */
  readonly json: Record<string, unknown>
}

export const nobody: Credentials = { headers: {} }
/** A rotation, as the API shows it. */
export const viewIn = ({ json }: Answer): RotationView => json as unknown as RotationView

export const bearer = (token: string): Credentials => ({ headers: { authorization: `Bearer ${token}` } })

/** An empty folder for a hub's data. */
export function temporaryData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-hub-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Whoever asks a hub, in this process or another. */
export class HubClient {
  readonly url: string
  readonly #agent = new http.Agent({ keepAlive: true })

  constructor(url: string) {
    this.url = url
  }

  /** Ends the connections that wait. */
  hangUp(): void {
    this.#agent.destroy()
  }

  /** @param what `POST /v1/rings` */
  async call(what: string, { as = nobody, headers = {}, body }: Call = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await this.open(what, {
      headers: {
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...as.headers,
        ...headers,
      },
      ...(text !== undefined && { body: text }),
    })
    if (response.headers['content-type']?.startsWith('text/event-stream')) {
      response.destroy()
      return answerOf(response, '')
    }
    const pieces: Buffer[] = []
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece)
    return answerOf(response, Buffer.concat(pieces).toString('utf8'))
  }

  /** The head of the answer: the caller reads the rest. */
  open(
    what: string,
    { headers = {}, body }: { headers?: object; body?: string } = {},
  ): Promise<IncomingMessage> {
    const [method = '', path = ''] = what.split(/ (.*)/s)
    const { hostname, port } = new URL(this.url)
    return new Promise((resolve, reject) => {
      http
        .request({ hostname, port, method, path, agent: this.#agent, headers: { ...headers } }, resolve)
        .on('error', reject)
        .end(body)
    })
  }

  /** As `call`, and expects that status. */
  async expect(status: number, what: string, call: Call = {}): Promise<Answer> {
    const answer = await this.call(what, call)
    expect(answer.status, `${what}: ${answer.text}`).toBe(status)
    return answer
  }

  /** As `call`, and expects a problem with that code. */
  async refused(code: string, what: string, call: Call = {}): Promise<Answer> {
    const answer = await this.call(what, call)
    expect(answer.json['code'], `${what}: ${answer.text}`).toBe(code)
    return answer
  }

  /** Follows a rotation to its end. */
  async ended(path: string, id: string, as: Credentials): Promise<RotationView> {
    for (let seen = 0; ;) {
      const { json } = await this.expect(200, `GET ${path}/rotations/${id}?wait=5000&seen=${seen}`, { as })
      const view = json as unknown as RotationView
      if (view.state !== 'running') return view
      seen = view.events.at(-1)?.n ?? 0
    }
  }
}

export class TestHub extends HubClient {
  readonly running: RunningHub
  #isClosed = false

  constructor(running: RunningHub) {
    super(running.url)
    this.running = running
  }

  get hub(): Hub {
    return this.running.hub
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.hangUp()
    await this.running.close()
  }

  async token(
    ...scopes: readonly string[]
  ): Promise<Credentials & { readonly id: string; readonly text: string }> {
    const created = await this.hub.tokens.create({ name: 'test', scopes, createdBy: 'test' })
    return { ...bearer(created.token), id: created.id, text: created.token }
  }

  /** A session of an operator of that role, without the work of a password. */
  async session(
    role: Role,
  ): Promise<Credentials & { readonly name: string; readonly withoutCsrf: Credentials }> {
    const name = `${role}.anna`
    const isKnown = (await this.hub.operators.list()).some(operator => operator.name === name)
    if (!isKnown) await this.hub.operators.create(name, role, 'test')
    const { id, csrf } = await this.hub.sessions.create(name)
    const cookie = `__Host-keyturn=${id}`
    return { name, headers: { cookie, 'x-keyturn-csrf': csrf }, withoutCsrf: { headers: { cookie } } }
  }

  /** Makes a ring. Returns its path. */
  async ring(name: string, limits: object = {}): Promise<string> {
    const as = await this.token('admin')
    await this.expect(201, 'POST /v1/rings', { as, body: { ring: name, limits, reason: 'test' } })
    return pathOf(name)
  }

  async document(name: string): Promise<RingDocument> {
    const held = await this.hub.feed.confirmed(name)
    if (!held) throw new Error(`no ring ${name}`)
    return held.ring.document
  }

  /** Instances that follow the ring as any application does. */
  async keyrings(ring: string, count: number): Promise<readonly Keyring[]> {
    const { text } = await this.token(`instance:${ring}`)
    return Promise.all(
      Array.from({ length: count }, (_, at) => this.keyring(ring, `backend-${at + 1}`, text)),
    )
  }

  async keyring(ring: string, instance: string, token: string): Promise<Keyring> {
    const source = hubSource({ url: this.url, ring, token })
    const keyring = await createKeyring({ source, instance, env: {}, log: () => undefined })
    onTestFinished(() => keyring.close())
    return keyring
  }
}

export const pathOf = (ring: string): string => `/v1/rings/${encodeURIComponent(ring)}`

function answerOf({ statusCode = 0, headers }: IncomingMessage, text: string): Answer {
  const isJson = /^application\/(problem\+)?json/.test(headers['content-type'] ?? '')
  return {
    status: statusCode,
    headers,
    text,
    json: isJson && text !== '' ? (JSON.parse(text) as Answer['json']) : {},
  }
}

/** @param data the folder of a hub before. @default an empty one @param env names the database, if not a file in it */
export async function startHub(
  data: string = temporaryData(),
  env: ServeOptions['env'] = {},
): Promise<TestHub> {
  const started = new TestHub(await serve({ data, env, port: 0, logLevel: false }))
  onTestFinished(() => started.close())
  return started
}
