/** VerdictCache: tokens that were accepted, so that the same token is not verified again while nothing has changed. */
import { ConfigError } from '../errors.ts'
import type { Accepted } from './check-token.ts'
import { checkTimes, type Expectations } from './claims.ts'
import { frozen } from './header.ts'
import type { KeySet, NamedKey } from './key-set.ts'

/** Whether verdicts are remembered, and how many. */
export type CacheOption = false | { readonly entries: number }

/** @throws {ConfigError} ERR_CONFIG_INVALID */
export function verdictCache(option: CacheOption = false): VerdictCache | undefined {
  if (option === false) return undefined
  const { entries } = Object(option) as { readonly entries?: unknown }
  if (typeof entries === 'number' && Number.isSafeInteger(entries) && entries >= 2)
    return new VerdictCache(entries)
  throw new ConfigError('ERR_CONFIG_INVALID', 'cache is false, or { entries } with a whole number, 2 or more')
}

interface Entry {
  readonly token: string
  readonly accepted: Accepted
  readonly signer: NamedKey
}

/** A MAC has at least this many characters. */
const keyLength = 43

/**
 * Looks an entry up by the end of the token's MAC and then compares the whole token: V8 would hash all characters of
 * a new string, three times the cost. Whoever can name a MAC that is here has the token. A hit asks for the key
 * again and compares the times again, so that a verdict never outlives its key's state, `exp` or `nbf`.
 */
export class VerdictCache {
  readonly #half: number
  #young = new Map<string, Entry>()
  /** What was not asked for since the young ones were half of all entries goes when they are half again. */
  #old = new Map<string, Entry>()

  /** @param entries at most, at least 2 */
  constructor(entries: number) {
    this.#half = Math.floor(entries / 2)
  }

  /** @param now epoch seconds */
  find(token: string, keys: KeySet, expected: Expectations, now: number): Accepted | undefined {
    if (typeof token !== 'string') return undefined
    const key = token.slice(-keyLength)
    const young = this.#young.get(key)
    const entry = young ?? this.#old.get(key)
    if (entry?.token !== token) return undefined
    const { accepted, signer } = entry
    if (!isStillSigner(signer, accepted.header.kid, keys, now)) return undefined
    if (checkTimes(accepted.payload, expected, now)) return undefined
    if (!young) this.#keep(key, entry)
    return accepted
  }

  /** Remembers a verdict. Its payload is frozen: everybody who brings the token gets the same one. */
  add(token: string, accepted: Accepted, signer: NamedKey): void {
    frozen(accepted)
    this.#keep(token.slice(-keyLength), { token, accepted, signer })
  }

  #keep(key: string, entry: Entry): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, entry)
  }
}

/** Whether the key set still answers with the same key. A ring that changed has made its keys anew. */
function isStillSigner(signer: NamedKey, kid: string | undefined, keys: KeySet, now: number): boolean {
  if (kid !== undefined) return keys.find(kid, now) === signer
  const candidates = keys.candidates(now)
  return Array.isArray(candidates) && candidates.includes(signer)
}
