/** setUpHub: the first operator enters by the one-time link, makes a ring, two access tokens for it, and invites whoever watches. */
import { randomBytes } from 'node:crypto'
import { DemoError } from './demo-error.ts'
import { call, parsed, problemIn, type Answer, type Call } from './http-call.ts'
import type { ListeningHub } from './hub.ts'

export interface HubTokens {
  /** May rotate and ask. */
  readonly operator: string
  /** May hold the ring's keys, and nothing else. */
  readonly backends: string
  /** For the console: the operator `demo` sets a password with it, once. */
  readonly consoleLink: string
}

/** What a person does with a browser. @throws {DemoError} */
export async function setUpHub({ url, setupLink }: ListeningHub, ring: string): Promise<HubTokens> {
  const ask = async (path: string, options: Call): Promise<Answer> => {
    const answer = await call(url, path, { method: 'POST', ...options })
    if (answer.status >= 200 && answer.status < 300) return answer
    const what = `${options.method ?? 'POST'} ${path}`
    if (answer.status === 0) throw new DemoError(`the hub does not answer ${what}`)
    throw new DemoError(`the hub refused ${what}: ${answer.status} ${problemIn(answer).code ?? ''}`.trim())
  }
  const secret = setupLink.slice(setupLink.indexOf('#') + 1)
  // Nobody needs it again.
  const password = randomBytes(24).toString('base64url')
  const entered = await ask('/v1/setup', { json: { secret, name: 'setup', password } })
  const session = {
    cookie: entered.headers['set-cookie']?.[0]?.split(';')[0],
    csrf: parsed<{ csrf: string }>(entered)?.csrf,
  }
  const token = async (name: string, scope: string): Promise<string> => {
    const created = await ask('/v1/tokens', { ...session, json: { name, scopes: [scope] } })
    return parsed<{ token: string }>(created)?.token ?? ''
  }
  await ask('/v1/rings', { ...session, json: { ring, reason: 'the demo begins' } })
  const operator = await token('command line', 'operate')
  const backends = await token('immonow backends', `instance:${ring}`)
  const invited = await ask('/v1/operators', { ...session, json: { name: 'demo', role: 'admin' } })
  const consoleLink = url + (parsed<{ link: string }>(invited)?.link ?? '')
  await ask('/v1/session', { ...session, method: 'DELETE' })
  return { operator, backends, consoleLink }
}
