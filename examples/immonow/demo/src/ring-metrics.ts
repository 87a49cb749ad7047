/** readRing: what the /metrics of a backend say about its ring. */
import { call } from './http-call.ts'

export interface RingMetrics {
  readonly generation: number
  /** Tokens signed since the process started, by kid. */
  readonly signed: ReadonlyMap<string, number>
}

/** Undefined when the backend does not answer within two seconds. */
export async function readRing(backend: string): Promise<RingMetrics | undefined> {
  const { status, text } = await call(backend, '/metrics', { timeout: 2_000 })
  return status === 200 ? parseMetrics(text) : undefined
}

/** Prometheus' text format, as far as it is needed here. */
export function parseMetrics(text: string): RingMetrics {
  const generation = /^keyturn_ring_generation (\d+)$/m.exec(text)?.[1]
  const signed = text.matchAll(/^keyturn_tokens_signed_total\{kid="([^"]*)"\} (\d+)$/gm)
  return {
    generation: Number(generation ?? NaN),
    signed: new Map([...signed].map(([, kid = '', count]) => [kid, Number(count)])),
  }
}

/** Finds out which key signs: the one whose count has grown. */
export class SigningKey {
  /** Empty before the first token. */
  kid = ''
  #counts = new Map<string, number>()

  /** Takes new samples of all backends in; true when another key signs than before. */
  update(samples: readonly (RingMetrics | undefined)[]): boolean {
    const counts = new Map<string, number>()
    for (const sample of samples)
      for (const [kid, count] of sample?.signed ?? []) counts.set(kid, (counts.get(kid) ?? 0) + count)
    const grown = [...counts].filter(([kid, count]) => count > (this.#counts.get(kid) ?? 0))
    this.#counts = counts
    // In the second of the change both have grown.
    const signing = grown.find(([kid]) => kid !== this.kid)?.[0] ?? this.kid
    const hasChanged = this.kid !== '' && signing !== this.kid
    this.kid = signing
    return hasChanged
  }
}
