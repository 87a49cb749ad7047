/** Routes of instances: the keys of one ring, the stream that says when they change, and leases. */
import { KeyturnError } from 'keyturn'
import type { Lease } from 'keyturn/ports'
import type { HeldRing } from '../../rings/ring-rows.ts'
import { verifying } from '../../forward-auth.ts'
import { heldRing, soundRing } from '../fleet-view.ts'
import { ringIn, type Call, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

export const instanceRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/v1/rings/:ring/keyring',
    access: 'instance',
    summary: 'The keys that an instance signs and verifies with: the one answer with secrets in it',
    params: schemas.ringParams,
    answers: { 200: schemas.keyring, 304: schemas.nothing },
    handle: async call => {
      const { reply, request } = call
      const held = await soundRing(call.hub, ringIn(call))
      const etag = etagOf(held)
      await stampTime(call)
      reply.header('etag', etag).header('cache-control', 'no-store')
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.header('content-type', 'application/json; charset=utf-8').send(bodyOf(held))
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/keyring/watch',
    access: 'instance',
    summary:
      'Server-sent events: epoch, generation and hash at once and with every change; a comment every 15 s',
    params: schemas.ringParams,
    answers: { 200: schemas.text },
    media: 'text/event-stream',
    handle: async call => {
      const { hub, request, reply, principal } = call
      const ring = ringIn(call)
      const { state } = await heldRing(hub, ring)
      if (principal?.kind !== 'token') throw new KeyturnError('ERR_AUTH_FORBIDDEN')
      hub.streams.open(request, reply, { ring, token: principal.id, state })
    },
  },
  {
    method: 'PUT',
    url: '/v1/rings/:ring/leases/:instance',
    access: 'instance',
    summary: 'Show what an instance holds; answered when it is stored',
    params: schemas.instanceParams,
    body: schemas.lease,
    answers: { 204: schemas.nothing },
    handle: async call => {
      const lease = call.body as Lease
      if (lease.ring !== ringIn(call) || lease.instance !== call.params['instance'])
        throw new KeyturnError(
          'ERR_REQUEST_INVALID',
          'ring and instance of the lease are not those of the path',
        )
      // One that is not there would fail the leases it is written with.
      if (!call.hub.feed.known(lease.ring)) await heldRing(call.hub, lease.ring)
      await refuseFarAhead(call, lease)
      await call.hub.leases.put(lease)
      await stampTime(call)
      return call.reply.code(204).send()
    },
  },
  {
    method: 'DELETE',
    url: '/v1/rings/:ring/leases/:instance',
    access: 'instance',
    summary: 'An instance has stopped',
    params: schemas.instanceParams,
    answers: { 204: schemas.nothing },
    handle: async call => {
      await call.hub.leases.remove(ringIn(call), call.params['instance'] ?? '')
      return call.reply.code(204).send()
    },
  },
]

/** Generations, and epochs, that an instance may be ahead of a database that was set back. */
const mostAhead = 1_000_000

/**
 * An instance that is ahead halts the ring, and the next epoch begins past what it has seen: that must be a number that
 * can be counted on from. @throws {KeyturnError} ERR_REQUEST_INVALID, ERR_STORE_MISSING
 */
async function refuseFarAhead({ hub }: Call, { ring, epoch, generation }: Lease): Promise<void> {
  // Also keeps leases of a ring that is not there away from those that are written with them.
  const { state } = hub.feed.known(ring) ?? (await heldRing(hub, ring))
  if (epoch - state.epoch <= mostAhead && generation - state.generation <= mostAhead) return
  throw new KeyturnError(
    'ERR_REQUEST_INVALID',
    'no ring has come as far as the epoch or the generation of the lease',
  )
}

/** The clock of the database, so that an instance knows how far its own is off. */
async function stampTime({ hub, reply }: Call): Promise<void> {
  reply.header('x-keyturn-now', String(await hub.time()))
}

const etagOf = ({ state }: HeldRing): string => `"${state.epoch}.${state.generation}.${state.hash}"`

const bodies = new WeakMap<HeldRing, Buffer>()

/** Made once for all instances that ask for the same generation. */
function bodyOf(held: HeldRing): Buffer {
  const known = bodies.get(held)
  if (known) return known
  const { document, secrets } = verifying(held.ring)
  const texts = Object.fromEntries([...secrets].map(([kid, secret]) => [kid, secret.reveal()]))
  const body = Buffer.from(JSON.stringify({ document, secrets: texts }))
  bodies.set(held, body)
  return body
}
