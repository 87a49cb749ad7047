/** RingStreams: server-sent events that say which generation a ring is at. Never a byte of a key. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../hub.ts'
import type { RingState } from '../rings/ring-rows.ts'
import { eventText, heartbeatLine, openEventStream, type EventStream } from './event-stream.ts'
import { TokenStreams } from './token-streams.ts'

/** Milliseconds between two signs of life. */
const defaultHeartbeat = 15_000
/** Connections whose turn it is are written to together; thousands at one moment would hold up everything else. */
const ticks = 30

interface Stream extends EventStream {
  readonly tick: number
  readonly ring: string
}

export class RingStreams {
  readonly #hub: Pick<Hub, 'feed' | 'tokens'>
  readonly #streams = new Map<string, Set<Stream>>()
  readonly #subscriptions = new Map<string, () => void>()
  readonly #ofTokens: TokenStreams
  readonly #heartbeat: number
  readonly #timer: NodeJS.Timeout
  #tick = 0
  #isClosed = false

  /** @param heartbeat milliseconds between two signs of life of a stream */
  constructor(hub: Pick<Hub, 'feed' | 'tokens'>, heartbeat: number = defaultHeartbeat) {
    this.#hub = hub
    this.#heartbeat = heartbeat
    this.#ofTokens = new TokenStreams(hub.tokens)
    this.#timer = setInterval(() => this.#beat(), heartbeat / ticks)
    this.#timer.unref()
  }

  /**
   * Takes the connection over. The first event says how the ring is now.
   * @throws {AuthError} ERR_AUTH_INVALID for a token that has ended meanwhile
   */
  open(
    request: FastifyRequest,
    reply: FastifyReply,
    options: { ring: string; token: string; state: RingState },
  ): void {
    const { ring, token, state } = options
    this.#ofTokens.assertLive(token)
    const stream: Stream = {
      ...openEventStream(request, reply, {
        heartbeat: this.#heartbeat,
        onClose: () => this.#remove(stream, token),
      }),
      ring,
      tick: this.#tick % ticks,
    }
    if (this.#isClosed) return stream.end()
    this.#add(stream, token)
    stream.write(stateEvent(state))
    // Between the answer to who may and this line the ring may have moved on.
    const newest = this.#hub.feed.known(ring)?.state
    if (newest && newest.hash !== state.hash) stream.write(stateEvent(newest))
  }

  /** How many follow each ring. */
  counts(): readonly (readonly [ring: string, count: number])[] {
    return [...this.#streams].map(([ring, streams]) => [ring, streams.size])
  }

  /** Ends all. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    for (const stop of this.#subscriptions.values()) stop()
    for (const streams of this.#streams.values()) for (const stream of streams) stream.end()
  }

  #add(stream: Stream, token: string): void {
    const { ring } = stream
    const streams = this.#streams.get(ring) ?? new Set()
    streams.add(stream)
    this.#streams.set(ring, streams)
    this.#ofTokens.add(token, stream)
    if (this.#subscriptions.has(ring)) return
    this.#subscriptions.set(
      ring,
      this.#hub.feed.subscribe(ring, state => {
        const text = stateEvent(state)
        for (const each of this.#streams.get(ring) ?? []) each.write(text)
      }),
    )
  }

  #remove(stream: Stream, token: string): void {
    this.#streams.get(stream.ring)?.delete(stream)
    this.#ofTokens.remove(token, stream)
  }

  #beat(): void {
    this.#tick += 1
    for (const streams of this.#streams.values())
      for (const stream of streams) if (stream.tick === this.#tick % ticks) stream.write(heartbeatLine)
  }
}

/** Which generation a ring is at. */
export const stateEvent = ({ epoch, generation, hash }: RingState): string =>
  eventText('ring', { epoch, generation, hash })
