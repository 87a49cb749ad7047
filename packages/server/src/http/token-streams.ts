/** TokenStreams: which streams end with which access token. */
import type { AccessTokens } from '../access/access-tokens.ts'
import { AuthError } from '../access/auth-error.ts'
import type { EventStream } from './event-stream.ts'

export class TokenStreams {
  readonly #byToken = new Map<string, Set<Pick<EventStream, 'end'>>>()
  /** Tokens that have ended here: a request may have come before, and open its stream after. */
  readonly #ended = new Set<string>()

  constructor(tokens: Pick<AccessTokens, 'onEnded'>) {
    tokens.onEnded(id => {
      this.#ended.add(id)
      for (const stream of this.#byToken.get(id) ?? []) stream.end()
    })
  }

  /** @throws {AuthError} ERR_AUTH_INVALID for a token that has ended meanwhile */
  assertLive(token: string): void {
    if (this.#ended.has(token)) throw new AuthError('ERR_AUTH_INVALID')
  }

  add(token: string, stream: Pick<EventStream, 'end'>): void {
    const streams = this.#byToken.get(token) ?? new Set()
    streams.add(stream)
    this.#byToken.set(token, streams)
  }

  remove(token: string, stream: Pick<EventStream, 'end'>): void {
    const streams = this.#byToken.get(token)
    streams?.delete(stream)
    if (streams?.size === 0) this.#byToken.delete(token)
  }
}
