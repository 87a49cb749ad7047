/** ForwardAuth: the hub verifies tokens for proxies, with keyrings of its own that follow each ring. */
import { createKeyring, type Authenticated, type Keyring } from 'keyturn'
import type { Counters, LiveSource, Ring } from 'keyturn/ports'
import { countersBetween } from './series/counters-between.ts'
import { addToSeries } from './series/series.ts'
import type { Hub } from './hub.ts'

/** Tokens that were accepted lately, of each ring; never beyond the state of their key, `exp` or `nbf`. */
const rememberedTokens = 5_000

/** Milliseconds: the feed tells of changes itself; this confirms that the database is there. */
const pollEvery = 2_000

export class ForwardAuth {
  readonly #hub: Hub
  readonly #keyrings = new Map<string, Promise<Keyring>>()
  readonly #opened = new Map<string, Keyring>()
  readonly #counted = new Map<string, Counters>()

  constructor(hub: Hub) {
    this.#hub = hub
  }

  /** @throws {TokenError} as `Keyring.authenticate`; {StoreError} ERR_STORE_MISSING for a ring that is not there */
  async authenticate(ring: string, token: string): Promise<Authenticated> {
    return (await this.#keyring(ring)).authenticate(token)
  }

  /** The keyring of a ring that is followed already. */
  opened(ring: string): Keyring | undefined {
    return this.#opened.get(ring)
  }

  /** Writes down what was verified since the last time. */
  async flush(): Promise<void> {
    const { database, metrics } = this.#hub
    for (const [ring, opened] of this.#keyrings) {
      const now = (await opened).counters()
      const counts = countersBetween(ring, this.#counted.get(ring), now)
      if (counts.length === 0) continue
      await addToSeries(database.db, database, counts)
      metrics.count(counts)
      this.#counted.set(ring, now)
    }
  }

  async close(): Promise<void> {
    for (const opened of this.#keyrings.values()) await (await opened.catch(() => undefined))?.close()
    this.#keyrings.clear()
    this.#opened.clear()
  }

  #keyring(ring: string): Promise<Keyring> {
    const known = this.#keyrings.get(ring)
    if (known) return known
    const { log } = this.#hub
    const opened = createKeyring({
      // The same person's token comes with every request.
      cache: { entries: rememberedTokens },
      source: this.#sourceOf(ring),
      log: ({ level, event, message }) => log[level]({ ring, event }, message),
    })
    this.#keyrings.set(ring, opened)
    opened.then(
      keyring => this.#opened.set(ring, keyring),
      // The next request tries again.
      () => this.#keyrings.delete(ring),
    )
    return opened
  }

  #sourceOf(ring: string): LiveSource {
    const { feed } = this.#hub
    return {
      kind: 'live',
      name: `the ring ${ring} on the hub`,
      pollEvery,
      store: {
        name: `the ring ${ring} on the hub`,
        read: async () => {
          const held = await feed.confirmed(ring)
          return held && verifying(held.ring)
        },
        watch: hint => feed.subscribe(ring, () => hint()),
      },
    }
  }
}

/** A ring as instances get it: a suspended key neither signs nor verifies, so its bytes stay in the hub. */
export function verifying({ document, secrets }: Ring): Ring {
  const kids = new Set(document.keys.filter(({ state }) => state !== 'suspended').map(({ kid }) => kid))
  return { document, secrets: new Map([...secrets].filter(([kid]) => kids.has(kid))) }
}
