/** KeyTable: a ring made ready for tokens. Swapped whole, so that kid and key always belong together. */
import type { Ring } from '../ports/ring-store.ts'
import { hasBytes, type RingKey } from '../ring/document.ts'
import { activeKey, isPast, verifiesAt } from '../ring/keys.ts'
import { CompactSigner } from '../token/compact-signer.ts'
import { HmacKey } from '../token/hmac.ts'
import type { NamedKey } from '../token/key-set.ts'
import { Refusal } from '../token/refusal.ts'

interface TableEntry {
  readonly key: RingKey
  /** Absent for a key that does not verify. */
  readonly named: NamedKey | undefined
}

/** Immutable. */
export class KeyTable {
  readonly ring: Ring
  readonly active: { readonly key: RingKey; readonly signer: CompactSigner }
  readonly #byKid = new Map<string, TableEntry>()
  readonly #kidless: { readonly key: RingKey; readonly named: NamedKey }[] = []

  constructor(ring: Ring) {
    this.ring = ring
    for (const key of ring.document.keys) this.#add(key)
    const key = activeKey(ring.document)
    const named = this.#byKid.get(key.kid)?.named
    if (!named) throw new TypeError('the active key has no bytes')
    this.active = { key, signer: new CompactSigner(named) }
    this.#kidless.sort((a, b) => order.indexOf(a.key.state) - order.indexOf(b.key.state))
  }

  #add(key: RingKey): void {
    const named = this.#namedKey(key)
    for (const name of [key.kid, ...(key.aliases ?? [])]) this.#byKid.set(name, { key, named })
    if (named) this.#kidless.push({ key, named })
  }

  #namedKey(key: RingKey): NamedKey | undefined {
    const secret = this.ring.secrets.get(key.kid)
    if (!hasBytes(key) || key.state === 'suspended' || !secret) return undefined
    return { kid: key.kid, key: new HmacKey(key.alg, secret.bytes(), { legacy: key.legacy === true }) }
  }

  /** The state of the key of a kid or alias. */
  stateOf(kid: string): RingKey['state'] | undefined {
    return this.#byKid.get(kid)?.key.state
  }

  /** The key of a kid or alias, or why it does not verify. @param now epoch seconds */
  find(kid: string, now: number): NamedKey | Refusal | undefined {
    const entry = this.#byKid.get(kid)
    return entry && (refusalOfState(entry.key, now) ?? entry.named)
  }

  /** Keys that a token without kid may be signed with, most likely first. @param now epoch seconds */
  candidates(now: number): readonly NamedKey[] {
    return this.#kidless.filter(({ key }) => verifiesAt(key, now)).map(({ named }) => named)
  }
}

const order: readonly string[] = ['active', 'retiring', 'staged']

function refusalOfState(key: RingKey, now: number): Refusal | undefined {
  if (key.state === 'compromised') return new Refusal('ERR_KEY_COMPROMISED', { kid: key.kid })
  // A rollback brings it back: whoever does not hear of that must not refuse what it signs then.
  const { kid } = key
  if (key.state === 'suspended') return new Refusal('ERR_KEY_SUSPENDED', { kid, mayChange: true })
  if (key.state === 'retiring' && isPast(key.verifyUntil, now))
    return new Refusal('ERR_KEY_RETIRED', { kid, mayChange: true })
  return undefined
}
