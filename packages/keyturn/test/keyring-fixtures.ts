/** Keyrings over a ring in memory and a clock that tests turn. No timers: nothing is read that a test did not ask for. */
import { StoreError } from '../src/errors.ts'
import { Counting } from '../src/keyring/counters.ts'
import { Emitter, type KeyringEvent } from '../src/keyring/events.ts'
import { Keyring, type KeyringChecks } from '../src/keyring/keyring.ts'
import { LiveRing } from '../src/keyring/live-ring.ts'
import type { Ring, RingStore } from '../src/ports/ring-store.ts'
import { HmacKey } from '../src/token/hmac.ts'
import { CompactSigner } from '../src/token/compact-signer.ts'
import type { Secret } from '../src/secret/secret.ts'
import { bench, type Bench } from './fleet-fixtures.ts'

/** A store whose answers a test can hold back, change, or make fail. */
export class TamperedStore implements RingStore {
  readonly name = 'memory'
  reads = 0
  isDown = false
  /** What is handed out instead of what is there. */
  change: (ring: Ring) => Ring | undefined = ring => ring
  readonly #store: RingStore
  #held: Promise<void> | undefined
  #release: () => void = () => undefined

  constructor(store: RingStore) {
    this.#store = store
  }

  /** Holds reads back that begin from now on, until `release`. What they answer is decided at their beginning. */
  hold(): void {
    this.#held = new Promise(resolve => (this.#release = resolve))
  }

  release(): void {
    this.#held = undefined
    this.#release()
  }

  async read(): Promise<Ring | undefined> {
    this.reads += 1
    const answer = await this.#store.read()
    await this.#held
    if (this.isDown) throw new StoreError('ERR_STORE_UNREACHABLE', 'memory does not answer')
    return answer && this.change(answer)
  }

  compareAndSwap(...given: Parameters<RingStore['compareAndSwap']>): Promise<void> {
    return this.#store.compareAndSwap(...given)
  }

  watch(hint: () => void): () => void {
    return this.#store.watch?.(hint) ?? (() => undefined)
  }

  now(): Promise<number> {
    return this.#store.now()
  }
}

export interface KeyringBench extends Bench {
  readonly keyring: Keyring
  readonly live: LiveRing
  readonly tampered: TamperedStore
  /** What the keyring told, newest last. */
  readonly events: readonly (readonly [KeyringEvent, object])[]
  /** Codes of what the live ring did not take. */
  readonly refused: readonly string[]
}

/** A keyring that read the ring a millisecond ago. It shows itself to no fleet. */
export async function keyringBench(
  options: { made?: Bench; checks?: KeyringChecks; instance?: string } = {},
): Promise<KeyringBench> {
  const made = options.made ?? bench()
  const tampered = new TamperedStore(made.store)
  const emitter = new Emitter()
  const counting = new Counting()
  const refused: string[] = []
  const { clock } = made
  const live = new LiveRing(await made.ring(), {
    store: tampered,
    instance: options.instance ?? 'one',
    counters: () => counting.snapshot(),
    onChange: () => undefined,
    onRefused: code => void refused.push(code),
    clock,
  })
  await live.reload()
  clock.advance(1)
  tampered.reads = 0
  const keyring = new Keyring({ live }, { checks: options.checks ?? {}, emitter, counting, clock })
  const events: [KeyringEvent, object][] = []
  const names = ['stale', 'security.violation'] as const
  for (const name of names) keyring.on(name, event => void events.push([name, event]))
  return { ...made, keyring, live, tampered, events, refused }
}

/** A token signed with any secret, as another program might. */
export function forge(
  secret: Secret,
  claims: Record<string, unknown>,
  header: { kid?: string; alg?: 'HS256' | 'HS384' | 'HS512' } = {},
): string {
  const key = new HmacKey(header.alg ?? 'HS256', secret.bytes(), { legacy: true })
  return new CompactSigner({ kid: header.kid, key }).sign(JSON.stringify(claims))
}
