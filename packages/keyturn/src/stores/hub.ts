/** hub: a ring at a hub, live, for instances of an application. Subpath `keyturn/stores/hub`. */
import { resolve } from 'node:path'
import { ConfigError } from '../errors.ts'
import { systemClock, type Clock } from '../ports/clock.ts'
import type { LiveSource } from '../ports/live-source.ts'
import { hubAddress } from './hub/hub-address.ts'
import { HubConnection } from './hub/hub-connection.ts'
import { hubLeases } from './hub/hub-leases.ts'
import { HubRing } from './hub/hub-ring.ts'
import { HubToken } from './hub/hub-token.ts'
import { ringSnapshot } from './hub/ring-snapshot.ts'

/** Milliseconds. The stream is faster; a poll is what counts when it says nothing. */
const pollEvery = 15_000
const defaultTimeout = 10_000

export interface HubOptions {
  /** Address of the hub, as in `https://hub.example`. Plain HTTP only to this machine. */
  readonly url: string
  /** The ring, `application/environment`. */
  readonly ring: string
  /** Access token with the scope `instance:RING`. This or `tokenFile`. */
  readonly token?: string
  /** File that holds the token and nothing else. Read again when it changes, and when the hub refuses the token. */
  readonly tokenFile?: string
  /**
   * File for the encrypted snapshot: with it an instance that starts while the hub is away verifies with the ring
   * of before, as long as that is younger than `maxStale`, and signs nothing. @default none
   */
  readonly snapshot?: string
  /** Milliseconds for a read, from its start to the last byte of its answer; also to open the stream. @default 10000 */
  readonly timeout?: number
  /** Plain HTTP to another machine too, on a network that is trusted with every secret. @default false */
  readonly insecureHttp?: boolean
  /** @default the machine's clock */
  readonly clock?: Clock
}

/**
 * The ring of a hub, for `createKeyring({ source })`. Nothing is asked yet. Its announcements are hints; every 15 s
 * the hub is asked whether the ring has changed. An open stream keeps no process alive, a request does for as long
 * as it takes.
 *
 * Reads throw StoreError ERR_STORE_DENIED (the token is refused), ERR_STORE_UNREACHABLE (no answer, or one that is
 * no hub's), ERR_STORE_INVALID and RingError ERR_RING_INVALID (an answer that contradicts itself), and RingError
 * ERR_RING_REGRESSED (the hub was restored from an older backup and halts the ring).
 * @throws {ConfigError} ERR_CONFIG_SOURCE, ERR_HUB_PLAIN_HTTP
 * @example
 * const source = hub({ url: 'https://hub.example', ring: 'immonow/production', tokenFile: '/run/secrets/keyturn' })
 * const keyring = await createKeyring({ source })
 */
export function hub(options: HubOptions): LiveSource {
  const { ring, snapshot, timeout = defaultTimeout, clock = systemClock } = options
  if (ring === '')
    throw new ConfigError('ERR_CONFIG_SOURCE', 'the ring at the hub has no name: set KEYTURN_RING')
  const address = hubAddress(options.url, options.insecureHttp === true)
  const token = tokenOf(options)
  const connection = new HubConnection({ address, token, clock, timeout })
  const path = `/v1/rings/${encodeURIComponent(ring)}`
  return {
    kind: 'live',
    name: connection.name,
    store: new HubRing({ connection, ring, path, clock }),
    leases: hubLeases(connection, ring, path),
    pollEvery,
    ...(snapshot !== undefined && {
      snapshot: ringSnapshot({
        path: resolve(snapshot),
        token: () => token.current(),
        url: address.href,
        ring,
      }),
    }),
  }
}

function tokenOf({ token, tokenFile }: HubOptions): HubToken {
  if (token !== undefined) return new HubToken({ token })
  if (tokenFile !== undefined) return new HubToken({ path: resolve(tokenFile) })
  throw new ConfigError(
    'ERR_CONFIG_SOURCE',
    'the hub asks for a token: set KEYTURN_TOKEN or KEYTURN_TOKEN_FILE',
  )
}
