/** One request to the backend: its answer as data. What may be tried again is told apart from what failed. */
import { Later, parseRetryAfter } from './patience.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** True when doing it twice is no worse than once. @default every method but POST */
  readonly repeatable?: boolean
}

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
  /** Seconds. */
  readonly retryAfter: number | undefined
}

/** Rejects only when the request's own signal aborts. */
export type Transport = (request: ApiRequest) => Promise<ApiAnswer | Later>

/** Milliseconds without an answer after which a request counts as lost. */
const timeout = 15_000

export function apiTransport(fetch: typeof globalThis.fetch): Transport {
  return async ({ method, path, body, token, signal, repeatable = method !== 'POST' }) => {
    try {
      const response = await fetch(path, {
        method,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]),
      })
      const retryAfter = parseRetryAfter(response.headers.get('retry-after'), Date.now())
      // 503 comes before anything was done. 502 and 504 come from a proxy, which may not know.
      if (response.status === 503) return new Later(retryAfter)
      if (repeatable && (response.status === 502 || response.status === 504)) return new Later(retryAfter)
      return { status: response.status, body: parsed(await response.text()), retryAfter }
    } catch (error) {
      signal?.throwIfAborted()
      if (repeatable) return new Later()
      return { status: 0, body: undefined, retryAfter: undefined }
    }
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}
