/** KeyTable: a ring made ready for tokens. Swapped whole, so that kid and key always belong together. */
import type { Ring } from '../ports/ring-store.ts'
import { hasBytes, type RingKey } from '../ring/document.ts'
import { activeKey, verifiesAt } from '../ring/keys.ts'
import { HmacKey } from '../token/hmac.ts'

export interface TableEntry {
  readonly key: RingKey
  /** Absent for a key that does not verify. */
  readonly hmac?: HmacKey
}

/** Immutable. */
export class KeyTable {
  readonly ring: Ring
  readonly active: { readonly key: RingKey; readonly hmac: HmacKey }
  readonly #byKid = new Map<string, TableEntry>()
  readonly #kidless: TableEntry[] = []

  constructor(ring: Ring) {
    this.ring = ring
    for (const key of ring.document.keys) this.#add(key)
    const key = activeKey(ring.document)
    const hmac = this.#byKid.get(key.kid)?.hmac
    if (!hmac) throw new TypeError('the active key has no bytes')
    this.active = { key, hmac }
    this.#kidless.sort((a, b) => order.indexOf(a.key.state) - order.indexOf(b.key.state))
  }

  #add(key: RingKey): void {
    const secret = this.ring.secrets.get(key.kid)
    const verifies = hasBytes(key) && key.state !== 'suspended' && secret !== undefined
    const hmac = verifies ? new HmacKey(key.alg, secret.bytes(), { legacy: key.legacy === true }) : undefined
    const entry = { key, ...(hmac && { hmac }) }
    for (const name of [key.kid, ...(key.aliases ?? [])]) this.#byKid.set(name, entry)
    if (hmac) this.#kidless.push(entry)
  }

  /** The key of a kid or alias. */
  find(kid: string): TableEntry | undefined {
    return this.#byKid.get(kid)
  }

  /** Keys that a token without kid may be signed with, most likely first. @param now epoch seconds */
  candidates(now: number): readonly TableEntry[] {
    return this.#kidless.filter(({ key }) => verifiesAt(key, now))
  }
}

const order: readonly string[] = ['active', 'retiring', 'staged']
