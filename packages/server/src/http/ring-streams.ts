/** RingStreams: server-sent events that say which generation a ring is at. Never a byte of a key. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AuthError } from '../access/auth-error.ts'
import type { Hub } from '../hub.ts'
import type { RingState } from '../rings/ring-rows.ts'

/** Milliseconds between two signs of life. */
const defaultHeartbeat = 15_000
/** Milliseconds that a reader has for what is left when its stream ends. */
const farewell = 1_000
/** Connections whose turn it is are written to together; thousands at one moment would hold up everything else. */
const ticks = 30

interface Stream {
  readonly write: (text: string) => void
  readonly end: () => void
  readonly tick: number
  readonly ring: string
}

export class RingStreams {
  readonly #hub: Pick<Hub, 'feed' | 'tokens'>
  readonly #streams = new Map<string, Set<Stream>>()
  readonly #subscriptions = new Map<string, () => void>()
  readonly #byToken = new Map<string, Set<Stream>>()
  /** Tokens that have ended here: a request may have come before, and open its stream after. */
  readonly #ended = new Set<string>()
  readonly #heartbeat: number
  readonly #timer: NodeJS.Timeout
  #tick = 0
  #isClosed = false

  /** @param heartbeat milliseconds between two signs of life of a stream */
  constructor(hub: Pick<Hub, 'feed' | 'tokens'>, heartbeat: number = defaultHeartbeat) {
    this.#hub = hub
    this.#heartbeat = heartbeat
    hub.tokens.onEnded(id => this.#endAll(id))
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
    if (this.#ended.has(token)) throw new AuthError('ERR_AUTH_INVALID')
    reply.hijack()
    const { raw } = reply
    // The end of the connection is the end of the body (RFC 9112 §6.3): an event is one write, where a chunk would be four.
    raw.removeHeader('transfer-encoding')
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Nothing comes after a stream, so nobody keeps its connection.
      connection: 'close',
      // nginx would hold events back.
      'x-accel-buffering': 'no',
    })
    const stream: Stream = {
      ring,
      tick: this.#tick % ticks,
      write: text => {
        // A reader that does not keep up is cut off: it comes back and asks for what is newest.
        if (raw.writableLength > mostBacklog) raw.destroy()
        else raw.write(text, 'latin1')
      },
      end: () => {
        raw.end()
        // Who does not read holds up nobody.
        setTimeout(() => raw.destroy(), farewell).unref()
      },
    }
    if (this.#isClosed) return stream.end()
    this.#add(stream, token)
    request.raw.socket.setKeepAlive(true, this.#heartbeat)
    raw.on('close', () => this.#remove(stream, token))
    raw.on('error', () => this.#remove(stream, token))
    stream.write(eventOf(state))
    // Between the answer to who may and this line the ring may have moved on.
    const newest = this.#hub.feed.known(ring)?.state
    if (newest && newest.hash !== state.hash) stream.write(eventOf(newest))
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
    const ofToken = this.#byToken.get(token) ?? new Set()
    ofToken.add(stream)
    this.#byToken.set(token, ofToken)
    if (this.#subscriptions.has(ring)) return
    this.#subscriptions.set(
      ring,
      this.#hub.feed.subscribe(ring, state => {
        const text = eventOf(state)
        for (const each of this.#streams.get(ring) ?? []) each.write(text)
      }),
    )
  }

  #remove(stream: Stream, token: string): void {
    this.#streams.get(stream.ring)?.delete(stream)
    const ofToken = this.#byToken.get(token)
    ofToken?.delete(stream)
    if (ofToken?.size === 0) this.#byToken.delete(token)
  }

  #endAll(token: string): void {
    this.#ended.add(token)
    for (const stream of this.#byToken.get(token) ?? []) stream.end()
  }

  #beat(): void {
    this.#tick += 1
    for (const streams of this.#streams.values())
      for (const stream of streams) if (stream.tick === this.#tick % ticks) stream.write(': heartbeat\n\n')
  }
}

/** Bytes that may wait for one reader. */
const mostBacklog = 65_536

const eventOf = ({ epoch, generation, hash }: RingState): string =>
  `event: ring\ndata: ${JSON.stringify({ epoch, generation, hash })}\n\n`
