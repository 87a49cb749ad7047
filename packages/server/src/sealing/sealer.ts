/** Sealer: secrets at rest, each bound to the place it belongs to. AES-256-GCM, NIST SP 800-38D. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { KeyturnError, Secret } from 'keyturn'

/** What a sealed secret is bound to: it opens nowhere else. */
export interface SealedPlace {
  readonly ring: string
  readonly kid: string
  readonly state: string
  readonly generation: number
  readonly epoch: number
}

/** One master key, as two derived ones. */
interface MasterKey {
  /** Names the key in what it sealed; says nothing of it. */
  readonly id: string
  readonly key: Buffer
}

const version = 'v1'
const ivBytes = 12
const tagBytes = 16

/** Seals with the first key and opens with any of them. */
export class Sealer {
  readonly #current: MasterKey
  readonly #keys: readonly MasterKey[]

  /** @param masters the master key, and those before it that may still have sealed something */
  constructor(masters: readonly [Secret, ...Secret[]]) {
    const [current, ...previous] = masters
    this.#current = derive(current)
    this.#keys = [this.#current, ...previous.map(derive)]
  }

  /** Name of the key that seals. */
  get keyId(): string {
    return this.#current.id
  }

  /** Whether a key with this name is here. */
  knows(keyId: string): boolean {
    return this.#keys.some(({ id }) => id === keyId)
  }

  seal(secret: Secret, place: SealedPlace): string {
    const iv = randomBytes(ivBytes)
    const { id, key } = this.#current
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
    cipher.setAAD(boundTo(place))
    const sealed = Buffer.concat([
      cipher.update(secret.reveal(), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ])
    return [version, id, iv.toString('base64url'), sealed.toString('base64url')].join('.')
  }

  /** @throws {KeyturnError} ERR_HUB_MASTER_KEY for a key that is not here, ERR_HUB_SEAL for bytes or a place that were changed */
  open(text: string, place: SealedPlace): Secret {
    const [found, id, iv = '', sealed = '', ...more] = text.split('.')
    const key = this.#keys.find(each => each.id === id)?.key
    if (found === version && !key)
      throw new KeyturnError(
        'ERR_HUB_MASTER_KEY',
        `the key ${place.kid} of ${place.ring} was sealed with another master key`,
      )
    try {
      if (found !== version || !key || more.length > 0) throw new Error('is not of this version')
      const bytes = bytesOf(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytesOf(iv), { authTagLength: tagBytes })
      decipher.setAAD(boundTo(place))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      const opened = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()])
      return new Secret(opened.toString('utf8'))
    } catch {
      throw new KeyturnError(
        'ERR_HUB_SEAL',
        `the key ${place.kid} of ${place.ring} does not open at generation ${place.generation}`,
      )
    }
  }
}

/** Node's decoder skips what it does not know: one text for the same bytes is enough. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw new Error('is not base64url')
  return bytes
}

/** A line break occurs in none of the parts, so no two places give one text. */
const boundTo = ({ ring, kid, state, generation, epoch }: SealedPlace): Buffer =>
  Buffer.from(['keyturn/seal/v1', ring, kid, state, generation, epoch].join('\n'))

function derive(master: Secret): MasterKey {
  const make = (info: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', master.bytes(), '', info, length))
  return {
    id: make('keyturn/master/id/v1', 6).toString('base64url'),
    key: make('keyturn/master/seal/v1', 32),
  }
}
