/** The port where instances show what they hold. */

/** Names one process for good: another process can never have the same. */
export interface ProcessIdentity {
  readonly host: string
  /** Boot id of the machine; empty where it has none. */
  readonly boot: string
  /** Process-id namespace: a pid means nothing in another one. Empty where there are none. */
  readonly namespace: string
  readonly pid: number
  /** Start time of the process in clock ticks since boot; empty where it cannot be told. */
  readonly start: string
}

/** What an instance has done since it started. */
export interface Counters {
  /** Tokens accepted, by kid. */
  readonly verified: Readonly<Record<string, number>>
  /** Tokens refused, by error code. */
  readonly rejected: Readonly<Record<string, number>>
  /** Tokens signed, by kid. */
  readonly signed: Readonly<Record<string, number>>
  readonly loginsSucceeded: number
  readonly loginsFailed: number
  /** Users who said that they were signed out and had not expected it. */
  readonly unexpectedSignOuts: number
}

/** Of who counts nothing, or has counted nothing yet. */
export const noCounters: Counters = {
  verified: {},
  rejected: {},
  signed: {},
  loginsSucceeded: 0,
  loginsFailed: 0,
  unexpectedSignOuts: 0,
}

/** What an instance shows: which generation it holds, with proof. Times are epoch milliseconds. */
export interface Lease {
  readonly v: 1
  readonly instance: string
  readonly ring: string
  readonly epoch: number
  readonly generation: number
  /** `hashOf` of the document held: another ring of this generation means that a backup was restored. */
  readonly hash?: string
  /** Kids held, of every state with bytes that verifies. */
  readonly kids: readonly string[]
  /** HMAC(key, "keyturn/ack/v1" ‖ ring ‖ epoch ‖ generation ‖ nonce ‖ instance) by kid, base64url. */
  readonly proofs: Readonly<Record<string, string>>
  readonly process: ProcessIdentity
  readonly startedAt: number
  /** Wall clock of the instance when it sent this. */
  readonly sentAt: number
  /** The generation it could not load, and why. */
  readonly nack?: { readonly generation: number; readonly code: string }
  readonly counters: Counters
  /** `instance` of an application, or `controller`: a command that runs an operation. */
  readonly role: 'instance' | 'controller'
}

/** A lease that a board has stored as JSON: one of an older version does not count everything. */
export function parseLease(text: string): Lease {
  const lease = JSON.parse(text) as Omit<Lease, 'counters'> & { readonly counters: Partial<Counters> }
  return { ...lease, counters: { ...noCounters, ...lease.counters } }
}

/** A lease as the board shows it. */
export interface SeenLease extends Lease {
  /** When the board stored it, by the store's clock. `sentAt` less this is how far the instance's clock is off. */
  readonly seenAt: number
}

/** What an instance needs of a board. Promises: a put is stored when it returns. */
export interface LeaseWriter {
  put(lease: Lease): Promise<void>
  /** No error when it is not there. */
  remove(instance: string): Promise<void>
}

/** A board of one ring. Promises: a list shows every lease put before. */
export interface LeaseBoard extends LeaseWriter {
  list(): Promise<readonly SeenLease[]>
  /** Whether the process behind a lease is proved dead: same machine, and its pid is gone or another's. */
  isProvedDead(lease: Lease): Promise<boolean>
}
