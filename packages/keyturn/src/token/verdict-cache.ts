/** VerdictCache: tokens that were accepted, so that the same token is not verified again while nothing has changed. */
import { ConfigError } from '../errors.ts'
import type { Accepted, SignedToken } from './check-token.ts'
import type { Validity } from './claims.ts'
import { frozen } from './json-value.ts'
import type { KeySet, NamedKey } from './key-set.ts'

/** Whether verdicts are remembered, and how many. */
export type CacheOption = false | { readonly entries: number }

/** @throws {ConfigError} ERR_CONFIG_INVALID */
export function verdictCache(option: CacheOption = false): VerdictCache | undefined {
  if (option === false) return undefined
  const { entries } = Object(option) as { readonly entries?: unknown }
  if (typeof entries === 'number' && Number.isSafeInteger(entries) && entries >= 1)
    return new VerdictCache(entries)
  throw new ConfigError('ERR_CONFIG_INVALID', 'cache is false, or { entries } with a whole number, 1 or more')
}

interface Entry extends Validity {
  readonly token: string
  readonly accepted: Accepted
  /** Of the header. */
  readonly kid: string | undefined
  readonly signer: NamedKey
}

/**
 * A hit compares the whole token, asks for the key again, and looks at the time: so a verdict never outlives its
 * key's state, `exp` or `nbf`.
 */
export class VerdictCache {
  readonly #entries: number
  #young = new Map<number, Entry>()
  /** What is not asked for until the young ones are half of all entries again is dropped. */
  #old = new Map<number, Entry>()

  /** @param entries at most, at least 1 */
  constructor(entries: number) {
    this.#entries = entries
  }

  /** @param now epoch seconds */
  find(token: string, keys: KeySet, now: number): Accepted | undefined {
    if (typeof token !== 'string') return undefined
    const key = keyOf(token)
    const young = this.#young.get(key)
    const entry = young ?? this.#old.get(key)
    if (entry?.token !== token || !(now >= entry.from && now < entry.until)) return undefined
    if (!isStillSigner(entry.signer, entry.kid, keys, now)) return undefined
    if (!young) this.#keep(key, entry)
    return entry.accepted
  }

  /** Remembers a verdict. Its payload is frozen: everybody who brings the token gets the same one. */
  add(token: string, accepted: Accepted, { kid, signer }: SignedToken, validity: Validity): void {
    this.#keep(keyOf(token), { token, accepted: frozen(accepted), kid, signer, ...validity })
  }

  #keep(key: number, entry: Entry): void {
    if (this.#young.size >= Math.max(1, Math.floor(this.#entries / 2))) {
      this.#old = this.#entries > 1 ? this.#young : new Map<number, Entry>()
      this.#young = new Map()
    }
    this.#young.set(key, entry)
  }
}

/**
 * A number of the last characters of the MAC, which nobody can choose without the key: as good as a hash of the
 * token. With a text of them as the key a hit takes a third longer. Tokens of one number take turns.
 */
function keyOf(token: string): number {
  let key = 0
  for (let at = token.length - 7; at < token.length; at += 1) key = Math.imul(key, 65) + token.charCodeAt(at)
  return key | 0
}

/** Whether the key set still answers with the same key. A ring that changed has made its keys anew. */
function isStillSigner(signer: NamedKey, kid: string | undefined, keys: KeySet, now: number): boolean {
  if (kid !== undefined) return keys.find(kid, now) === signer
  const candidates = keys.candidates(now)
  return Array.isArray(candidates) && candidates.includes(signer)
}
