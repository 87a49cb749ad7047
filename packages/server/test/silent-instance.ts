/** SilentInstance: an instance that shows what it holds when the test wants it, and otherwise says nothing. */
import type { Lease } from 'keyturn/ports'
import { proofOf } from 'keyturn/rotation'
import { pathOf, type Credentials, type TestHub } from './running-hub.ts'
import { sampleLease } from './sample-requests.ts'

export class SilentInstance {
  readonly instance: string
  readonly #hub: TestHub
  readonly #ring: string
  readonly #as: Credentials

  constructor(hub: TestHub, ring: string, as: Credentials, instance: string) {
    this.#hub = hub
    this.#ring = ring
    this.#as = as
    this.instance = instance
  }

  /** Proves that it holds every key of the newest generation. */
  async acknowledge(changes: Partial<Lease> = {}): Promise<void> {
    const held = await this.#hub.hub.feed.confirmed(this.#ring)
    if (!held) throw new Error(`no ring ${this.#ring}`)
    const { document, secrets } = held.ring
    const proofs = [...secrets].map(([kid, secret]) => [kid, proofOf(secret, document, this.instance)])
    const { epoch, generation } = document
    await this.show({
      epoch,
      generation,
      kids: [...secrets.keys()],
      proofs: Object.fromEntries(proofs),
      ...changes,
    })
  }

  async show(changes: Partial<Lease> = {}): Promise<void> {
    const path = `${pathOf(this.#ring)}/leases/${encodeURIComponent(this.instance)}`
    const body = sampleLease(this.#ring, this.instance, changes)
    await this.#hub.expect(204, `PUT ${path}`, { as: this.#as, body })
  }

  /** As if it had not been heard of for so long. */
  async age(seconds: number): Promise<void> {
    const { db } = this.#hub.hub.database
    await db
      .updateTable('leases')
      .set(eb => ({ seen_at: eb('seen_at', '-', seconds * 1000), revision: 'aged' }))
      .where('ring', '=', this.#ring)
      .where('instance', '=', this.instance)
      .execute()
  }
}

export async function silentInstance(hub: TestHub, ring: string, name = 'silent-1'): Promise<SilentInstance> {
  const instance = new SilentInstance(hub, ring, await hub.token(`instance:${ring}`), name)
  await instance.acknowledge()
  return instance
}
