/** call: one HTTP request over connections that stay open. */
import { Agent, request, type IncomingHttpHeaders } from 'node:http'

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Access token. */
  readonly token?: string | undefined
  readonly cookie?: string | undefined
  /** What a page of the hub sends beside its cookie. */
  readonly csrf?: string | undefined
  readonly json?: unknown
  /** Milliseconds. @default 20000 */
  readonly timeout?: number
}

export interface Answer {
  /** 0 when there was no answer. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** What ImmoNow and the hub say when they refuse. RFC 9457. */
export interface Problem {
  readonly title?: string
  readonly code?: string
  readonly reason?: string
}

const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 })

/** Never rejects: no answer is status 0. */
export async function call(base: string, path: string, options: Call = {}): Promise<Answer> {
  const first = await attempt(base, path, options)
  // The other side closed an idle connection in the moment we used it: nothing was read.
  return first === 'stale' ? noAnswer(await attempt(base, path, options)) : first
}

const noAnswer = (answer: Answer | 'stale'): Answer =>
  answer === 'stale' ? { status: 0, headers: {}, text: '' } : answer

function attempt(base: string, path: string, options: Call): Promise<Answer | 'stale'> {
  const { method = 'GET', token, cookie, csrf, json, timeout = 20_000 } = options
  const body = json === undefined ? undefined : JSON.stringify(json)
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(cookie !== undefined && { cookie }),
    ...(csrf !== undefined && { 'x-keyturn-csrf': csrf }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  return new Promise(resolve => {
    const sent = request(base + path, { method, headers, agent, timeout }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', () => resolve(noAnswer('stale')))
    })
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.on('error', (error: NodeJS.ErrnoException) =>
      resolve(sent.reusedSocket && error.code === 'ECONNRESET' ? 'stale' : noAnswer('stale')),
    )
    sent.end(body)
  })
}

/** The problem document of an answer; empty for anything else. */
export const problemIn = (answer: Answer): Problem => parsed<Problem>(answer) ?? {}

/** The JSON of an answer. */
export function parsed<Document>({ text }: Answer): Document | undefined {
  try {
    return JSON.parse(text) as Document
  } catch {
    return undefined
  }
}

/** Closes the connections that nobody uses. */
export const closeConnections = (): void => agent.destroy()
