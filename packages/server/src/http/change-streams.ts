/** ChangeStreams: server-sent events that tell the console what to ask for again. Hints, never what matters. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { KeyturnError } from 'keyturn'
import { actorOf, type Principal } from '../access/principal.ts'
import type { Hub } from '../hub.ts'
import { Routine } from '../routine.ts'
import { heartbeatLine, openEventStream, type EventStream } from './event-stream.ts'
import { RingWatch } from './ring-watch.ts'
import { TokenStreams } from './token-streams.ts'

export interface ChangeStreamsOptions {
  /** Milliseconds between two looks at a ring that somebody listens to. @default 1,000 */
  readonly lookEvery?: number
  /** Milliseconds between two signs of life. @default 15,000 */
  readonly heartbeat?: number
  /** Streams of this replica. @default 200 */
  readonly most?: number
  /** Of one operator or token: nobody takes them all. @default 30 */
  readonly mostOfOne?: number
}

interface Listener extends EventStream {
  readonly ring: string
  readonly principal: Principal
  beatAt: number
}

/** One more than this replica has room for. */
class NoRoom extends KeyturnError {
  /** Seconds. */
  readonly retryAfter = 10

  constructor() {
    super('ERR_HUB_BUSY', 'this hub has no room for another stream of changes')
  }
}

export class ChangeStreams {
  readonly #hub: Hub
  readonly #options: Required<ChangeStreamsOptions>
  readonly #listeners = new Set<Listener>()
  readonly #watches = new Map<string, RingWatch>()
  readonly #ofTokens: TokenStreams
  #looks: Routine | undefined
  #isClosed = false

  constructor(hub: Hub, options: ChangeStreamsOptions = {}) {
    this.#hub = hub
    this.#options = { lookEvery: 1_000, heartbeat: 15_000, most: 200, mostOfOne: 30, ...options }
    this.#ofTokens = new TokenStreams(hub.tokens)
  }

  /** How many listen. */
  get size(): number {
    return this.#listeners.size
  }

  /**
   * Takes the connection over, and says how everything is.
   * @throws {KeyturnError} ERR_HUB_BUSY; {AuthError} ERR_AUTH_INVALID for a token that has ended meanwhile
   */
  open(request: FastifyRequest, reply: FastifyReply, ring: string, principal: Principal): void {
    const { heartbeat, most, mostOfOne } = this.#options
    const owner = actorOf(principal)
    const own = [...this.#listeners].filter(listener => actorOf(listener.principal) === owner)
    if (this.#listeners.size >= most || own.length >= mostOfOne) throw new NoRoom()
    if (principal.kind === 'token') this.#ofTokens.assertLive(principal.id)
    const listener: Listener = {
      ...openEventStream(request, reply, { heartbeat, onClose: () => this.#remove(listener) }),
      ring,
      principal,
      beatAt: performance.now() + heartbeat,
    }
    if (this.#isClosed) return listener.end()
    this.#listeners.add(listener)
    if (principal.kind === 'token') this.#ofTokens.add(principal.id, listener)
    const watch = this.#watches.get(ring) ?? new RingWatch(this.#hub, ring)
    this.#watches.set(ring, watch)
    watch.add(listener)
    void watch.look()
    this.#start()
  }

  /** Ends all. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const watch of this.#watches.values()) watch.close()
    for (const listener of this.#listeners) listener.end()
    await this.#looks?.stop()
  }

  #start(): void {
    if (this.#looks) return
    this.#looks = new Routine('changes', this.#options.lookEvery, () => this.#look())
    // Whatever fails here is looked at again in a moment.
    this.#looks.start(() => undefined)
  }

  async #look(): Promise<void> {
    this.#beat()
    await Promise.all([this.#endSessions(), ...[...this.#watches.values()].map(watch => watch.look())])
  }

  #beat(): void {
    const now = performance.now()
    for (const listener of this.#listeners) {
      if (now < listener.beatAt) continue
      listener.beatAt = now + this.#options.heartbeat
      listener.write(heartbeatLine)
    }
  }

  /** Ends what belongs to sessions that have ended, or whose operator has another role now. */
  async #endSessions(): Promise<void> {
    const open = [...this.#listeners].flatMap(listener =>
      listener.principal.kind === 'operator' ? [{ listener, principal: listener.principal }] : [],
    )
    if (open.length === 0) return
    const roles = await this.#hub.sessions.rolesOf(open.map(({ principal }) => principal.session))
    for (const { listener, principal } of open)
      if (roles.get(principal.session) !== principal.role) listener.end()
  }

  #remove(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return
    if (listener.principal.kind === 'token') this.#ofTokens.remove(listener.principal.id, listener)
    const watch = this.#watches.get(listener.ring)
    watch?.remove(listener)
    if (watch?.isAlone) {
      watch.close()
      this.#watches.delete(listener.ring)
    }
    if (this.#listeners.size > 0) return
    void this.#looks?.stop()
    this.#looks = undefined
  }
}
