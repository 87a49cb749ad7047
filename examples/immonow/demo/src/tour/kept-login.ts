/** KeptLogin: a device of before a change, with the token that it had then. */
import { call, problemIn, type Answer } from '../http-call.ts'
import { readToken, type Login } from '../login.ts'

export interface KeptLogin {
  readonly login: Login
  /** Stays as it is; the login may get newer ones. */
  readonly token: string
}

/** Requests at a time. */
const width = 12

export const keep = (logins: readonly Login[]): readonly KeptLogin[] =>
  logins.map(login => ({ login, token: login.token }))

/** Those whose token has not reached its own end. */
export const unexpired = (kept: readonly KeptLogin[]): readonly KeptLogin[] =>
  kept.filter(({ token }) => readToken(token).expires * 1000 > Date.now() + 5_000)

/** Shows every kept token to every backend. */
export const showTokens = (kept: readonly KeptLogin[], backends: readonly string[]): Promise<Answer[]> =>
  each(
    kept.flatMap(({ token }) => backends.map(backend => ({ backend, token }))),
    ({ backend, token }) => call(backend, '/api/auth/me', { token }),
  )

/** Shows every kept session's cookie to every backend: one list of answers for each. A refusal changes nothing. */
export const refreshEverywhere = (
  kept: readonly KeptLogin[],
  backends: readonly string[],
): Promise<Answer[][]> =>
  each(kept, async ({ login }) => {
    const answers: Answer[] = []
    for (const backend of backends) answers.push(await login.refresh(backend))
    return answers
  })

/** Refreshes every kept session once, the next one at the next backend. */
export const refreshOnce = (kept: readonly KeptLogin[], backends: readonly string[]): Promise<Answer[]> =>
  each(
    kept.map(({ login }, index) => ({ login, backend: backends[index % backends.length] ?? '' })),
    ({ backend, login }) => login.refresh(backend),
  )

async function each<Item, Result>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = [...items]
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) results.push(await ask(item))
  }
  await Promise.all(Array.from({ length: width }, worker))
  return results
}

export const isAccepted = ({ status }: Answer): boolean => status === 200

/** What the guide promises to users who are logged out, and what makes a front end show its login page. RFC 6750 §3. */
export function isTokenExpired(answer: Answer, reason: 'expired' | 'security'): boolean {
  const problem = problemIn(answer)
  return (
    answer.status === 401 &&
    problem.title === 'Token expired' &&
    problem.reason === reason &&
    /^Bearer\b/.test(answer.headers['www-authenticate'] ?? '')
  )
}

/** A session that was ended, and whose cookie was not taken away. */
export const isSessionEnded = (answer: Answer, reason: 'expired' | 'security'): boolean =>
  isTokenExpired(answer, reason) &&
  problemIn(answer).code === 'ERR_SESSION_ENDED' &&
  answer.headers['set-cookie'] === undefined
