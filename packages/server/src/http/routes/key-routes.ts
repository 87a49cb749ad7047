/** Routes of keys: import, retire, destroy, and whose a secret is. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { kidOf, KeyturnError } from 'keyturn'
import type { RingKey } from 'keyturn/ring'
import { destroyKey, importKey, retireKey, type KeyRequest } from 'keyturn/rotation'
import type { z } from 'zod'
import type { HeldRing } from '../../rings/ring-rows.ts'
import { heldRing } from '../fleet-view.ts'
import { contextIn, ringIn, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

export const keyRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/rings/:ring/keys',
    access: 'operate',
    summary: 'Stage a secret that comes from elsewhere; the next rotation makes it sign',
    params: schemas.ringParams,
    body: schemas.importRequest,
    answers: { 201: schemas.changedKey },
    idempotent: true,
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { secret, aliases, force, reason, cause } = call.body as z.infer<typeof schemas.importRequest>
      const { document, kid } = await importKey(contextIn(call), {
        text: secret,
        reason,
        ...(cause && { cause }),
        ...(aliases && { aliases }),
        ...(force && { force }),
      })
      return { ring: document.ring, generation: document.generation, kid }
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/keys/:kid/retire',
    access: 'operate',
    summary: 'Suspend a retiring key early',
    params: schemas.kidParams,
    body: schemas.keyRequest,
    answers: { 200: schemas.changed },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { ring, generation } = await retireKey(contextIn(call), requestOf(call))
      return { ring, generation }
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/keys/:kid/destroy',
    access: 'operate',
    summary: 'Erase a staged or suspended key',
    params: schemas.kidParams,
    body: schemas.keyRequest,
    answers: { 200: schemas.changed },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { ring, generation } = await destroyKey(contextIn(call), requestOf(call))
      return { ring, generation }
    },
  },
  {
    method: 'POST',
    url: '/v1/identify',
    access: 'read',
    summary: 'Whose a secret or a token is; a token is not verified',
    body: schemas.identifyRequest,
    answers: { 200: schemas.identified },
    handle: async ({ hub, body }) => {
      await hub.feed.refresh()
      const given = body as { readonly secret?: string; readonly token?: string }
      for (const name of hub.feed.names) {
        const held = hub.feed.known(name)
        const key = held && find(held, given)
        if (key) return { ring: name, kid: key.kid, state: key.state, createdAt: key.createdAt }
      }
      throw new KeyturnError('ERR_RING_KEY_NOT_FOUND', 'no ring of this hub knows it')
    },
  },
]

function requestOf(call: {
  readonly params: Readonly<Record<string, string>>
  readonly body: unknown
}): KeyRequest {
  const { reason, cause, force } = call.body as z.infer<typeof schemas.keyRequest>
  return { kid: call.params['kid'] ?? '', reason, ...(cause && { cause }), ...(force && { force }) }
}

/** A legacy key has a random kid: its text is compared. */
function find(
  { ring }: HeldRing,
  given: { readonly secret?: string; readonly token?: string },
): RingKey | undefined {
  const { keys } = ring.document
  const { secret, token } = given
  if (secret !== undefined) {
    const digest = digestOf(secret)
    const legacy = keys.find(key => {
      const held = key.legacy && ring.secrets.get(key.kid)?.reveal()
      return held !== undefined && timingSafeEqual(digestOf(held), digest)
    })
    return legacy ?? keys.find(key => key.kid === kidOf(secret))
  }
  const kid = kidIn(token ?? '')
  return keys.find(key => key.kid === kid || (kid !== undefined && key.aliases?.includes(kid)))
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** What the token's header says, verified or not. */
function kidIn(token: string): string | undefined {
  try {
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as {
      kid?: unknown
    }
    return typeof header.kid === 'string' ? header.kid : undefined
  } catch {
    return undefined
  }
}
