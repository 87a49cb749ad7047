/** SilentInstance: an instance that shows what it holds when the test wants it, and otherwise says nothing. */
import { Secret } from 'keyturn'
import type { Lease } from 'keyturn/ports'
import type { RingDocument } from 'keyturn/ring'
import { proofOf } from 'keyturn/rotation'
import { pathOf, type Credentials, type HubClient, type TestHub } from './running-hub.ts'
import { sampleLease } from './sample-requests.ts'

export class SilentInstance {
  readonly instance: string
  readonly #hub: HubClient
  readonly #ring: string
  readonly #as: Credentials

  constructor(hub: HubClient, ring: string, as: Credentials, instance: string) {
    this.#hub = hub
    this.#ring = ring
    this.#as = as
    this.instance = instance
  }

  /** Proves that it holds every key of the newest generation. */
  async acknowledge(): Promise<void> {
    const { json } = await this.#hub.expect(200, `GET ${pathOf(this.#ring)}/keyring`, { as: this.#as })
    const { document, secrets } = json as { document: RingDocument; secrets: Record<string, string> }
    const proofs = Object.entries(secrets).map(([kid, text]) => {
      return [kid, proofOf(new Secret(text), document, this.instance)] as const
    })
    const { epoch, generation } = document
    await this.show({ epoch, generation, kids: Object.keys(secrets), proofs: Object.fromEntries(proofs) })
  }

  /** Acknowledges again and again until the action is done. */
  async while<Result>(action: Promise<Result>): Promise<Result> {
    const ended = new AbortController()
    const done = action.finally(() => ended.abort())
    while (!ended.signal.aborted) {
      await this.acknowledge()
      await Promise.race([done, new Promise(resolve => setTimeout(resolve, 50))])
    }
    return done
  }

  async show(changes: Partial<Lease> = {}): Promise<void> {
    const path = `${pathOf(this.#ring)}/leases/${encodeURIComponent(this.instance)}`
    const body = sampleLease(this.#ring, this.instance, changes)
    await this.#hub.expect(204, `PUT ${path}`, { as: this.#as, body })
  }
}

/** One that has acknowledged the ring as it is. */
export async function silentInstance(hub: TestHub, ring: string, name = 'silent-1'): Promise<SilentInstance> {
  const instance = new SilentInstance(hub, ring, await hub.token(`instance:${ring}`), name)
  await instance.acknowledge()
  return instance
}

/** As if an instance had not been heard of for so long. */
export async function silence(hub: TestHub, instance: string, seconds: number): Promise<void> {
  await hub.hub.database.db
    .updateTable('leases')
    .set(eb => ({ seen_at: eb('seen_at', '-', seconds * 1000), revision: 'aged' }))
    .where('instance', '=', instance)
    .execute()
}
