/** HubRing: the ring of a hub. Reads ask whether it changed; the stream says when to ask. */
import { StoreError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Ring, RingReader } from '../../ports/ring-store.ts'
import type { HubAnswer, HubConnection } from './hub-connection.ts'
import { isNoRing, refusalOf } from './hub-refusal.ts'
import { ringIn, stateOf } from './ring-content.ts'
import { RingStream } from './ring-stream.ts'

export interface HubRingOptions {
  readonly connection: HubConnection
  /** `application/environment`. */
  readonly ring: string
  /** Of the ring, below the address of the hub. */
  readonly path: string
  readonly clock: Clock
}

export class HubRing implements RingReader {
  readonly name: string
  readonly #options: HubRingOptions
  /** What the hub answered last, also where an instance did not take it. */
  #held: { readonly state: string; readonly ring: Ring } | undefined
  /** The last announcement, and how many there were. */
  #announced = { state: '', count: 0 }
  readonly #hints = new Set<() => void>()

  constructor(options: HubRingOptions) {
    this.#options = options
    this.name = options.connection.name
  }

  async read(): Promise<Ring | undefined> {
    const { connection, path } = this.#options
    const { count } = this.#announced
    const held = this.#held
    const answer = await connection.ask({
      method: 'GET',
      path: `${path}/keyring`,
      ...(held && { headers: { 'if-none-match': `"${held.state}"` } }),
    })
    this.#held = answer.status === 304 && held ? held : this.#taken(answer)
    // Announced while this read was under way: its answer may be of before.
    if (this.#announced.count !== count && this.#announced.state !== this.#held?.state)
      setImmediate(() => this.#hints.forEach(hint => hint())).unref()
    return this.#held?.ring
  }

  #taken(answer: HubAnswer): { readonly state: string; readonly ring: Ring } | undefined {
    const { connection, ring: name } = this.#options
    if (isNoRing(answer)) return undefined
    if (answer.status !== 200) throw refusalOf(answer, connection.name, name)
    const ring = ringIn(this.#json(answer.text), name, connection.name)
    const state = stateOf(ring.document)
    // A proxy that compresses makes the tag a weak one.
    if (answer.headers.etag?.replace(/^W\//, '') !== `"${state}"`)
      throw new StoreError('ERR_STORE_INVALID', `${connection.name} sent a ring that its ETag does not fit`)
    return { state, ring }
  }

  #json(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      // Without the parser's words: they quote the text, which holds secrets.
      throw new StoreError('ERR_STORE_UNREACHABLE', `${this.name} does not answer: what it sent is no JSON`)
    }
  }

  watch(hint: () => void): () => void {
    const { connection, path, clock } = this.#options
    const stream = new RingStream({
      connection,
      path: `${path}/keyring/watch`,
      clock,
      onRing: data => {
        const state = announcedIn(data)
        this.#announced = { state, count: this.#announced.count + 1 }
        if (state !== this.#held?.state) hint()
      },
    })
    this.#hints.add(hint)
    return () => {
      this.#hints.delete(hint)
      stream.stop()
    }
  }
}

/** The state in an announcement; an empty one, which fits no ring, where it cannot be read. */
function announcedIn(data: string): string {
  try {
    const { epoch, generation, hash } = JSON.parse(data) as Record<string, unknown>
    return [epoch, generation, hash].join('.')
  } catch {
    return ''
  }
}
