/** RingAtHub: what the hub says of the ring. */
import { call, parsed } from './http-call.ts'

interface Fleet {
  readonly generation: number
  readonly instances: readonly { readonly standing: string }[]
}

interface Trail {
  readonly entries: readonly { readonly generation: number; readonly at: string }[]
}

export class RingAtHub {
  readonly #hub: string
  readonly #token: string
  readonly #path: string

  /** @param token access token that may read */
  constructor(hub: string, token: string, ring: string) {
    this.#hub = hub
    this.#token = token
    this.#path = `/v1/rings/${encodeURIComponent(ring)}`
  }

  /** How many instances have proved to the hub that they hold its newest generation, and which one that is. */
  async proved(): Promise<{ readonly generation: number; readonly instances: number }> {
    const { generation = 0, instances = [] } = (await this.#read<Fleet>('/fleet')) ?? {}
    return { generation, instances: instances.filter(({ standing }) => standing === 'acknowledged').length }
  }

  /** When the ring came to a generation, by its audit trail: epoch milliseconds. */
  async changedAt(generation: number): Promise<number | undefined> {
    const trail = await this.#read<Trail>(`/audit?after=${generation - 1}&limit=1`)
    const entry = trail?.entries.find(each => each.generation === generation)
    return entry && Date.parse(entry.at)
  }

  async #read<Document>(path: string): Promise<Document | undefined> {
    const answer = await call(this.#hub, this.#path + path, { token: this.#token })
    return answer.status === 200 ? parsed<Document>(answer) : undefined
  }
}
