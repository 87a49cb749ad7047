/** ringIn: a ring as a hub sends it and a snapshot keeps it, checked as a whole. */
import { StoreError } from '../../errors.ts'
import { hashOf } from '../../ports/hash.ts'
import type { Ring } from '../../ports/ring-store.ts'
import { hasBytes, type RingDocument } from '../../ring/document.ts'
import { parseDocument } from '../../ring/parse.ts'
import { kidOf } from '../../secret/kid.ts'
import { Secret } from '../../secret/secret.ts'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The ring in `{ document, secrets: { kid: text } }`: the one asked for, with the secret of each key that verifies
 * and no other.
 * @param from names the sender in messages
 * @throws {RingError} ERR_RING_INVALID; {StoreError} ERR_STORE_INVALID
 */
export function ringIn(content: unknown, name: string, from: string): Ring {
  const { document: written, secrets: texts } = isRecord(content) ? content : {}
  const document = parseDocument(written)
  const fail = (what: string): never => {
    throw new StoreError('ERR_STORE_INVALID', `${from} ${what}`)
  }
  if (document.ring !== name) fail(`sent another ring than ${name}`)
  if (!isRecord(texts)) return fail('sent no secrets')
  const wanted = document.keys.filter(key => hasBytes(key) && key.state !== 'suspended')
  const secrets = new Map<string, Secret>()
  for (const { kid, legacy } of wanted) {
    const text = Object.hasOwn(texts, kid) ? texts[kid] : undefined
    if (typeof text !== 'string' || text === '') return fail(`sent no secret for the key ${kid}`)
    if (!legacy && kidOf(text) !== kid) fail(`sent another secret for the key ${kid}`)
    secrets.set(kid, new Secret(text))
  }
  if (Object.keys(texts).length > secrets.size) fail('sent a secret of a key that neither signs nor verifies')
  return { document, secrets }
}

/** What `ringIn` reads. The secrets are in the clear. */
export const contentOf = ({ document, secrets }: Ring): object => ({
  document,
  secrets: Object.fromEntries([...secrets].map(([kid, secret]) => [kid, secret.reveal()])),
})

/** The state of a ring in one word, as in the hub's ETag: epoch, generation and hash. */
export const stateOf = (document: RingDocument): string =>
  `${document.epoch}.${document.generation}.${hashOf(document)}`
