/** HubClient: one hub's API over fetch, with deadlines, and with POSTs that may safely be sent twice. */
import { randomUUID } from 'node:crypto'
import { systemClock } from 'keyturn/ports'
import { usageError } from '../usage-error.ts'
import { NoAnswer, noAnswerOf, problemError, type ProblemDocument } from './hub-problem.ts'

export interface HubClientOptions {
  /** Without a slash at its end. */
  readonly url: string
  readonly token?: string
  /** Milliseconds for one answer. @default 15000 */
  readonly deadline?: number
  /** Milliseconds during which a POST that got no answer is sent again. @default 30000 */
  readonly persistence?: number
}

export interface AskOptions {
  readonly query?: Readonly<Record<string, string | number>>
  /** Milliseconds on top of the deadline, for a hub that waits. */
  readonly wait?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** What a hub answered. `body` is undefined for an empty one. */
export interface HubAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

type Method = 'GET' | 'POST' | 'DELETE'

export class HubClient {
  readonly url: string
  /** Host and port, for messages. */
  readonly host: string
  readonly #token: string | undefined
  readonly #deadline: number
  readonly #persistence: number

  constructor(options: HubClientOptions) {
    const { url, token, deadline = 15_000, persistence = 30_000 } = options
    this.url = url
    this.host = new URL(url).host
    this.#token = token
    this.#deadline = deadline
    this.#persistence = persistence
  }

  /**
   * @param path below `/v1`; each part is encoded
   * @throws {StoreError} ERR_STORE_UNREACHABLE; what the hub refuses, with its code
   */
  async get<Body>(path: readonly string[], options: AskOptions = {}): Promise<Body> {
    return (await this.send('GET', path, undefined, options)).body as Body
  }

  /**
   * Sends the same Idempotency-Key again as long as no answer comes, so that nothing is done twice.
   * @throws what `get` throws
   */
  async post<Body>(path: readonly string[], body: object = {}): Promise<Body> {
    const headers = { 'idempotency-key': randomUUID() }
    const end = systemClock.monotonic() + this.#persistence
    let isSent = false
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      try {
        return (await this.send('POST', path, body, { headers })).body as Body
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        isSent ||= error.isSent
        if (!isSent) throw error
        if (systemClock.monotonic() + pause > end)
          throw new NoAnswer(error.message, {
            isSent,
            fix: 'whether it was done is not known: look at keyturn status before you try again',
          })
        await systemClock.sleep(pause)
      }
    }
  }

  /** @throws what `get` throws */
  async delete(path: readonly string[]): Promise<void> {
    await this.send('DELETE', path)
  }

  /** One request, once. @throws what `get` throws */
  async send(
    method: Method,
    path: readonly string[],
    body?: object,
    options: AskOptions = {},
  ): Promise<HubAnswer> {
    const { response, text } = await this.#fetch(method, path, body, options)
    return this.#read(response, text)
  }

  async #fetch(
    method: Method,
    path: readonly string[],
    body: object | undefined,
    { query = {}, wait = 0, headers = {} }: AskOptions,
  ): Promise<{ response: Response; text: string }> {
    const url = new URL(`${this.url}/v1/${path.map(segment).join('/')}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    const deadline = this.#deadline + wait
    try {
      const response = await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
          ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        // A token must not follow wherever a proxy points.
        redirect: 'manual',
        signal: AbortSignal.timeout(deadline),
      })
      const text = await response.text()
      return { response, text }
    } catch (error) {
      throw noAnswerOf(error, this.host, deadline)
    }
  }

  #read(response: Response, text: string): HubAnswer {
    const { status, headers } = response
    if (status >= 300 && status < 400) {
      const location = headers.get('location') ?? ''
      const to = URL.canParse(location, this.url) ? new URL(location, this.url).origin : 'nowhere'
      throw this.#strange(`it redirects to ${to}: use the hub's own address`)
    }
    if (status >= 200 && status < 300 && text === '') return { status, headers, body: undefined }
    const body = parse(text)
    if (status < 300 && body !== undefined) return { status, headers, body }
    if (status >= 400 && isProblem(body)) throw problemError(body, status)
    // A proxy says that the hub behind it is away; the request may have come through.
    if ([502, 503, 504].includes(status))
      throw new NoAnswer(`${this.host} answers ${status}: a proxy cannot reach its hub`, { isSent: true })
    throw this.#strange(`it answers ${status}, and not as a hub does`)
  }

  #strange(why: string): NoAnswer {
    return new NoAnswer(`${this.host} is not a hub, or not its address: ${why}`, { isSent: false })
  }
}

/** @throws {KeyturnError} ERR_USAGE: an address would take dots for a way up */
function segment(part: string): string {
  if (part === '' || part === '.' || part === '..') throw usageError(`"${part}" is no name`)
  return encodeURIComponent(part)
}

const isProblem = (body: unknown): body is ProblemDocument =>
  typeof body === 'object' && body !== null && typeof (body as ProblemDocument).code === 'string'

/** Control characters would reach the terminal with the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' ? value.replace(/\p{Cc}/gu, ' ') : value,
    ) as unknown
  } catch {
    return undefined
  }
}
