/** HandMadeInstance: an instance whose acknowledgements are made by a test, one by one. */
import { randomBytes } from 'node:crypto'
import { Secret } from 'keyturn'
import { noCounters, hashOf, type Lease } from 'keyturn/ports'
import { hasBytes, type RingDocument } from 'keyturn/ring'
import { proofOf, thisProcess } from 'keyturn/rotation'
import { onTestFinished } from 'vitest'
import type { TestRing } from '../../support/ring-of-hub.ts'
import { until } from '../../support/project.ts'

/** What the hub gives an instance. */
export interface Content {
  readonly document: RingDocument
  readonly secrets: Readonly<Record<string, string>>
}

const beatEvery = 500

export class HandMadeInstance {
  readonly name = `by-hand-${randomBytes(3).toString('hex')}`
  readonly ring: TestRing
  /** What it says to hold. */
  held: Content
  readonly #startedAt = Date.now()
  #timers: NodeJS.Timeout[] = []

  private constructor(ring: TestRing, held: Content) {
    this.ring = ring
    this.held = held
  }

  /** Joins with the ring as it is, and stays alive with that until it acknowledges another. */
  static async join(ring: TestRing): Promise<HandMadeInstance> {
    const instance = new HandMadeInstance(ring, await contentOf(ring))
    await instance.put()
    instance.#every(beatEvery, () => instance.put())
    onTestFinished(() => instance.#stop())
    return instance
  }

  #every(milliseconds: number, action: () => Promise<unknown>): () => void {
    const timer = setInterval(() => void action().catch(() => undefined), milliseconds)
    this.#timers.push(timer)
    return () => clearInterval(timer)
  }

  #stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  /** No gate waits for it any more. */
  async leave(): Promise<void> {
    this.#stop()
    // After what is still under way.
    await this.put().catch(() => undefined)
    await this.ring.expect('DELETE', this.#path, { token: this.ring.token })
  }

  get #path(): string {
    return `/leases/${encodeURIComponent(this.name)}`
  }

  /** Reads the ring and acknowledges it. Returns the generation. */
  async acknowledge(): Promise<number> {
    this.held = await contentOf(this.ring)
    await this.put()
    return this.held.document.generation
  }

  /** Acknowledges each generation up to that one; not the next. */
  async acknowledgeUntil(generation: number): Promise<void> {
    await until(
      () => this.acknowledge().catch(() => 0),
      held => held >= generation,
    )
  }

  /** From now on as any instance, until the returned function is called. */
  follow(): () => void {
    return this.#every(100, () => this.acknowledge())
  }

  lease({ document, secrets } = this.held, changes: Partial<Lease> = {}): Lease {
    const held = document.keys.filter(key => hasBytes(key) && secrets[key.kid] !== undefined)
    const proofs = held
      .filter(({ state }) => state === 'active' || state === 'staged')
      .map(({ kid }) => [kid, proofOf(new Secret(secrets[kid] ?? ''), document, this.name)] as const)
    return {
      v: 1,
      instance: this.name,
      ring: document.ring,
      epoch: document.epoch,
      generation: document.generation,
      hash: hashOf(document),
      kids: held.map(({ kid }) => kid),
      proofs: Object.fromEntries(proofs),
      process: thisProcess(),
      startedAt: this.#startedAt,
      sentAt: Date.now(),
      counters: noCounters,
      role: 'instance',
      ...changes,
    }
  }

  async put(lease: Lease = this.lease()): Promise<void> {
    await this.ring.expect('PUT', this.#path, { body: lease, token: this.ring.token })
  }
}

/** The ring with its secrets. */
export const contentOf = (ring: TestRing): Promise<Content> =>
  ring.expect<Content>('GET', '/keyring', { token: ring.token })
