/** HubConnection: requests to a hub, each with a deadline, a limit and a reason when it fails. */
import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { StoreError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Secret } from '../../secret/secret.ts'
import type { HubAddress } from './hub-address.ts'
import type { HubToken } from './hub-token.ts'
import { retryAfterOf } from './retry-after.ts'

/** Bytes of an answer. */
const mostBytes = 1_048_576
/** Milliseconds: longer than this nobody is left alone, or its lease would run out. */
const mostQuiet = 30_000

export interface HubAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A request that may be sent twice. */
export interface Ask {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  /** Below the address of the hub, percent-encoded. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds for everything. @default the connection's */
  readonly timeout?: number
}

export interface HubConnectionOptions {
  readonly address: HubAddress
  readonly token: HubToken
  readonly clock: Clock
  /** Milliseconds for a request, from its start to the last byte of its answer. */
  readonly timeout: number
}

export class HubConnection {
  /** Names the hub in messages. */
  readonly name: string
  /** Milliseconds for a request. */
  readonly timeout: number
  readonly #options: HubConnectionOptions
  /** Sockets that wait in it keep no process alive. */
  readonly #agent: http.Agent
  /** Who asked to be left alone, until when. */
  readonly #quiet = new Map<string, { readonly until: number; readonly answer: HubAnswer }>()

  constructor(options: HubConnectionOptions) {
    this.#options = options
    this.name = `the hub at ${options.address.place}`
    this.timeout = options.timeout
    this.#agent = new (options.address.isTls ? https : http).Agent({ keepAlive: true, maxFreeSockets: 2 })
  }

  /**
   * Sends a request, and again where that is due: once on a fresh socket if the server had closed the one kept,
   * once with the renewed token if the old one was refused.
   * @throws {StoreError} ERR_STORE_UNREACHABLE without a whole answer in time
   */
  async ask(what: Ask): Promise<HubAnswer> {
    const { clock, token } = this.#options
    const said = this.#quiet.get(what.method + what.path)
    // Who said when to come back would say the same again.
    if (said && clock.monotonic() < said.until && what.method !== 'DELETE') return said.answer
    const most = what.timeout ?? this.timeout
    const cut = new AbortController()
    const stop = clock.later(most, () => cut.abort())
    try {
      const used = token.current()
      const answer = await this.#exchange(what, used, cut.signal)
      if (answer.status !== 401 || !token.isRenewed(used)) return this.#remember(what, answer)
      return this.#remember(what, await this.#exchange(what, token.current(), cut.signal))
    } catch (error) {
      const why = cut.signal.aborted ? `nothing within ${most / 1000} s` : reasonOf(error)
      throw new StoreError('ERR_STORE_UNREACHABLE', `${this.name} does not answer: ${why}`)
    } finally {
      stop()
    }
  }

  /**
   * Opens a stream on a socket of its own, which keeps no process alive. Resolves with the head of the answer,
   * whatever its status; the caller ends it by the signal.
   */
  async open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const what: Ask = { method: 'GET', path, headers: { accept: 'text/event-stream' } }
    const request = this.#send(what, this.#options.token.current(), signal, false)
    request.once('socket', socket => {
      socket.unref()
      // Each address that is tried has a handle of its own.
      socket.once('connect', () => socket.unref())
    })
    const response = await headOf(request)
    response.on('error', () => undefined)
    return response
  }

  async #exchange(what: Ask, token: Secret, signal: AbortSignal): Promise<HubAnswer> {
    const request = this.#send(what, token, signal, this.#agent)
    try {
      return await answerTo(request, token)
    } catch (error) {
      if (!request.reusedSocket || !isClosed(error) || signal.aborted) throw error
      return answerTo(this.#send(what, token, signal, false), token)
    }
  }

  #send(what: Ask, token: Secret, signal: AbortSignal, agent: http.Agent | false): ClientRequest {
    const { isTls, hostname, port, prefix } = this.#options.address
    const { method, path, headers, body } = what
    const request = (isTls ? https : http).request({
      hostname,
      port,
      method,
      path: prefix + path,
      agent,
      signal,
      headers: {
        accept: 'application/json',
        ...headers,
        authorization: `Bearer ${token.reveal()}`,
        'user-agent': 'keyturn',
        // Only the primary store knows whether its ring has changed.
        'cache-control': 'no-cache',
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      },
    })
    // What comes after the answer, or after its end, is nobody's error.
    request.on('error', () => undefined)
    request.end(body)
    return request
  }

  #remember(what: Ask, answer: HubAnswer): HubAnswer {
    const { clock } = this.#options
    const isBusy = answer.status === 429 || answer.status === 503
    const wait = isBusy ? retryAfterOf(answer.headers, clock.now(), mostQuiet) : undefined
    const name = what.method + what.path
    if (wait === undefined) this.#quiet.delete(name)
    else this.#quiet.set(name, { until: clock.monotonic() + wait, answer })
    return answer
  }
}

/** Status and headers, whatever they are. */
function headOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
    // One that switches protocols answers nothing, and is no error either.
    request.once('close', () => reject(new Error('closed')))
  })
}

/** The whole answer. A server that repeats what it was sent, as some proxies do in their errors, repeats no token. */
async function answerTo(request: ClientRequest, token: Secret): Promise<HubAnswer> {
  const response = await headOf(request)
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > mostBytes) throw new RangeError(`an answer of more than ${mostBytes} bytes`)
    pieces.push(piece)
  }
  const text = Buffer.concat(pieces).toString('utf8')
  const status = response.statusCode ?? 0
  const shown = status < 300 ? text : text.replaceAll(token.reveal(), '[token]')
  return { status, headers: response.headers, text: shown }
}

const isClosed = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')

/** A code of the system, of TLS or of the parser. Their own words can quote what was sent. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return error.message
  const { code } = error as NodeJS.ErrnoException
  return code ?? 'the connection failed'
}
