/**
 * A hub's routes for instances on a real HTTP server, for tests of the client alone. The real server's own tests run
 * the same client against the real hub; here are the answers that a real hub gives only when something is broken.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ErrorCode } from '../src/errors.ts'
import { hashOf } from '../src/ports/hash.ts'
import type { Lease } from '../src/ports/lease-board.ts'
import type { Ring } from '../src/ports/ring-store.ts'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

type Answer = (response: ServerResponse, request: Received) => void

export class HubDouble {
  token = 'kt_test-token'
  ring: Ring | undefined
  /** In place of the answers of the contract. */
  answer: Answer | undefined
  /** In place of a stream. */
  streamAnswer: Answer | undefined
  /** Every connection ends at once. */
  isDown = false
  readonly received: Received[] = []
  readonly leases = new Map<string, Lease>()
  readonly streams = new Set<ServerResponse>()
  /** Streams opened so far. */
  opened = 0
  readonly sockets = new Set<Socket>()
  readonly #server: http.Server
  readonly #ringName = 'immonow/test'
  readonly #scheme: string

  /** @param tls key and certificate, PEM. Default: plain HTTP */
  constructor(ring: Ring | undefined, tls?: { readonly key: string; readonly cert: string }) {
    this.ring = ring
    this.#scheme = tls ? 'https' : 'http'
    this.#server = tls ? https.createServer(tls) : http.createServer()
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.#serve(request, response)
    })
    this.#server.on('connection', (socket: Socket) => {
      if (this.isDown) socket.destroy()
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  get url(): string {
    return `${this.#scheme}://${this.place}`
  }

  get place(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async listen(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  /** From now on nobody answers, and what is open ends. */
  goDown(): void {
    this.isDown = true
    for (const socket of this.sockets) socket.destroy()
  }

  /** Tells every stream which ring is here. */
  announce(): void {
    for (const stream of this.streams) this.#tell(stream)
  }

  /** What was asked for, as `GET /v1/…`. */
  get asked(): readonly string[] {
    return this.received.map(({ method, path }) => `${method} ${path}`)
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = message
    let body = ''
    for await (const piece of message.setEncoding('utf8') as AsyncIterable<string>) body += piece
    const request = { method, path: url, headers, body }
    this.received.push(request)
    const isStream = url.endsWith('/watch')
    const answer = (isStream ? this.streamAnswer : this.answer) ?? this.#route.bind(this)
    answer(response, request)
  }

  #route(response: ServerResponse, { method, path, headers, body }: Received): void {
    response.setHeader('x-keyturn-now', Date.now())
    if (headers.authorization !== `Bearer ${this.token}`) return problem(response, 401, 'ERR_AUTH_INVALID')
    const base = `/v1/rings/${encodeURIComponent(this.#ringName)}`
    const instance = decodeURIComponent(path.replace(`${base}/leases/`, ''))
    if (path === `${base}/keyring/watch`) return this.#open(response)
    if (path === `${base}/keyring`) return this.#keyring(response, headers['if-none-match'])
    if (method === 'PUT') this.leases.set(instance, JSON.parse(body) as Lease)
    else if (method === 'DELETE') this.leases.delete(instance)
    else return problem(response, 404, 'ERR_ROUTE_NOT_FOUND')
    response.writeHead(204).end()
  }

  #keyring(response: ServerResponse, known: string | undefined): void {
    const { ring } = this
    if (!ring) return problem(response, 404, 'ERR_STORE_MISSING')
    const etag = tagOf(ring)
    if (known === etag) response.writeHead(304, { etag }).end()
    else sendRing(response, ring)
  }

  #open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    this.opened += 1
    this.streams.add(response)
    response.on('close', () => this.streams.delete(response))
    this.#tell(response)
  }

  #tell(stream: ServerResponse): void {
    if (!this.ring) return
    const { document } = this.ring
    const data = { epoch: document.epoch, generation: document.generation, hash: hashOf(document) }
    stream.write(`event: ring\ndata: ${JSON.stringify(data)}\n\n`)
  }
}

/** A hub with that ring, immonow/test, gone when the test ends. */
export async function hubDouble(...given: ConstructorParameters<typeof HubDouble>): Promise<HubDouble> {
  const double = await new HubDouble(...given).listen()
  onTestFinished(() => double.close())
  return double
}

const tagOf = ({ document }: Ring): string => `"${document.epoch}.${document.generation}.${hashOf(document)}"`

interface Content {
  readonly document: unknown
  readonly secrets: Readonly<Record<string, string>>
}

/** A ring as a hub sends it: what is suspended stays at the hub. @param change what is wrong with it */
export function sendRing(
  response: ServerResponse,
  ring: Ring,
  change: (content: Content) => unknown = same => same,
  etag = tagOf(ring),
): void {
  const { document, secrets } = ring
  const shown = document.keys.filter(key => key.state !== 'suspended').map(key => key.kid)
  const texts = [...secrets]
    .filter(([kid]) => shown.includes(kid))
    .map(([kid, secret]) => [kid, secret.reveal()])
  const content = { document, secrets: Object.fromEntries(texts) as Content['secrets'] }
  response.writeHead(200, { etag, 'content-type': 'application/json' }).end(JSON.stringify(change(content)))
}

export function problem(
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  more: { detail?: string; headers?: http.OutgoingHttpHeaders } = {},
): void {
  const { detail = 'as the test wants it', headers } = more
  response
    .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
    .end(JSON.stringify({ type: `urn:keyturn:error:${code}`, title: code, status, code, detail }))
}
