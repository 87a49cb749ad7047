/** get, post, patch, remove: requests to the hub this page came from, in the name of whoever is logged in. */
import { noteHubDate } from '../format/use-now.ts'
import { activity } from './activity.ts'
import { ApiProblem } from './problem.ts'

/** Needed for changes; given with the session. */
let csrf = ''

export const rememberCsrf = (token: string): void => void (csrf = token)

/** @param path below `/v1` */
export const get = <Answer>(path: string, signal?: AbortSignal): Promise<Answer> =>
  call('GET', path, { ...(signal && { signal }) })

/** @param once the same text for the same change: sent twice, it happens once */
export const post = <Answer>(path: string, body: object = {}, once?: string): Promise<Answer> =>
  call('POST', path, { body, ...(once !== undefined && { once }) })

export const patch = <Answer>(path: string, body: object): Promise<Answer> => call('PATCH', path, { body })

export const remove = (path: string): Promise<undefined> => call('DELETE', path)

/** Milliseconds after which a question counts as lost. A change may take as long as it takes. */
const mostWait = 30_000

interface Options {
  readonly body?: object
  readonly once?: string
  readonly signal?: AbortSignal
}

async function call<Answer>(
  method: string,
  path: string,
  { body, once, signal }: Options = {},
): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body) headers['content-type'] = 'application/json'
  if (method !== 'GET') headers['x-keyturn-csrf'] = csrf
  if (once !== undefined) headers['idempotency-key'] = once
  // What the page asks by itself does not keep somebody logged in who has left.
  if (!activity.isRecent()) headers['x-keyturn-idle'] = '1'
  let response: Response
  try {
    response = await fetch(`/v1${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body && { body: JSON.stringify(body) }),
      ...(method === 'GET' && {
        signal: AbortSignal.any([AbortSignal.timeout(mostWait), ...(signal ? [signal] : [])]),
      }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem(0, { code: 'ERR_NETWORK' })
  }
  noteHubDate(response.headers.get('date'))
  if (response.status === 204) return undefined as Answer
  const answer: unknown = await response.json().catch((error: unknown) => {
    if (!response.ok) return {}
    // Half an answer is none.
    if (signal?.aborted) throw error
    throw new ApiProblem(0, { code: 'ERR_NETWORK' })
  })
  if (response.ok) return answer as Answer
  const problem = new ApiProblem(response.status, answer as object)
  // A wrong password is an answer to whoever typed it, and no end of the session.
  if (problem.status === 401 && problem.code !== 'ERR_AUTH_CREDENTIALS') toLogin()
  throw problem
}

/** The login page brings whoever logs in back to where they were. */
function toLogin(): void {
  const here = location.pathname + location.search
  location.assign(`/login?returnTo=${encodeURIComponent(here)}`)
}
