/** Routes of rings: what there is, how it stands, what happened, and how a ring begins. */
import { KeyturnError, RingError } from 'keyturn'
import { activeKey, checkLimits, type Limits } from 'keyturn/ring'
import { beginEpoch, countingInstances, eraseDue, initRing, type FleetInstance } from 'keyturn/rotation'
import { z } from 'zod'
import { actorOf } from '../../access/principal.ts'
import { readTrail } from '../../rings/sql-audit-log.ts'
import { liveTokens, readSeries } from '../../series/series.ts'
import { fleetAt, fleetViewOf, heldRing, instanceViewOf } from '../fleet-view.ts'
import { callerOf, contextIn, ringIn, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

const maxAuditEntries = 1_000
const minute = 60_000
const day = 24 * 60 * minute

export const ringRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/v1/rings',
    access: 'read',
    summary: 'Every ring, and how its fleet stands',
    answers: { 200: schemas.ringList },
    handle: async ({ hub }) => {
      await hub.feed.refresh()
      const rings = await Promise.all(
        hub.feed.names.map(async name => {
          const held = await heldRing(hub, name)
          const { fleet } = await fleetAt(hub, held)
          const { document } = held.ring
          return {
            ring: name,
            epoch: document.epoch,
            generation: document.generation,
            activeKid: activeKey(document).kid,
            operation: document.operation?.id ?? null,
            // Neither who has stopped by itself nor who is gone: no gate waits for them.
            instances: countingInstances(fleet).length,
            acknowledged: fleet.instances.filter(isAcknowledged).length,
            halted: held.halted,
          }
        }),
      )
      return { rings }
    },
  },
  {
    method: 'POST',
    url: '/v1/rings',
    access: 'admin',
    summary: 'A new ring, with a fresh key that signs',
    body: schemas.newRing,
    answers: { 201: schemas.changedKey },
    idempotent: true,
    handle: async call => {
      const { hub } = call
      const { ring, reason, cause, alg, limits } = call.body as z.infer<typeof schemas.newRing>
      await hub.feed.refresh()
      if (hub.feed.known(ring))
        throw new KeyturnError('ERR_RING_EXISTS', `the hub has a ring ${ring} already`)
      const { document } = await initRing(hub.contextOf(ring, actorOf(callerOf(call))), {
        ring,
        reason,
        ...(cause && { cause }),
        ...(alg && { alg }),
        limits: checkLimits(definedOf(limits)),
      })
      return { ring, generation: document.generation, kid: activeKey(document).kid }
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring',
    access: 'read',
    summary: 'A ring: its keys, its operation, its fleet',
    params: schemas.ringParams,
    answers: { 200: schemas.ringView },
    handle: async call => {
      const held = await heldRing(call.hub, ringIn(call))
      const { fleet, now } = await fleetAt(call.hub, held)
      const { document } = held.ring
      return {
        ring: document.ring,
        now,
        document,
        halted: held.halted,
        fleet: fleetViewOf(document, fleet, now),
        liveTokens: await liveTokens(call.hub.database, document, now),
      }
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/fleet',
    access: 'read',
    summary: 'Every instance of a ring: what it holds, with proof',
    params: schemas.ringParams,
    answers: { 200: schemas.fleetView },
    handle: async call => {
      const held = await heldRing(call.hub, ringIn(call))
      const { fleet, now } = await fleetAt(call.hub, held)
      return fleetViewOf(held.ring.document, fleet, now)
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/fleet/:instance',
    access: 'read',
    summary: 'One instance',
    params: schemas.instanceParams,
    answers: { 200: schemas.instanceView },
    handle: async call => {
      const { fleet, now } = await fleetAt(call.hub, await heldRing(call.hub, ringIn(call)))
      const { instance } = call.params
      const found = fleet.instances.find(({ lease }) => lease.instance === instance)
      if (!found) throw new RingError('ERR_RING_INSTANCE_NOT_FOUND', `no instance is called ${instance}`)
      return instanceViewOf(found, now)
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/changes',
    access: 'read',
    summary:
      'Server-sent events that say what has changed: ring, fleet, rotation, counts. One of each at once; a comment every 15 s',
    params: schemas.ringParams,
    answers: { 200: schemas.text },
    media: 'text/event-stream',
    handle: async call => {
      const { hub, request, reply } = call
      await heldRing(hub, ringIn(call))
      hub.changes.open(request, reply, ringIn(call), callerOf(call))
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/erase',
    access: 'operate',
    summary: 'Erase the bytes of keys past their time now',
    params: schemas.ringParams,
    answers: { 200: schemas.erased },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { ring, erased } = await eraseDue(contextIn(call))
      return { ring: ring.document.ring, generation: ring.document.generation, erased }
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/epoch',
    access: 'admin',
    summary: 'Begin a new epoch after a backup was restored',
    params: schemas.ringParams,
    body: schemas.epochRequest,
    answers: { 200: schemas.changedEpoch },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { reason, cause, compromised } = call.body as z.infer<typeof schemas.epochRequest>
      const { ring, epoch, generation } = await beginEpoch(contextIn(call), {
        reason,
        ...(cause && { cause }),
        ...(compromised && { compromised }),
      })
      return { ring, epoch, generation }
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/audit',
    access: 'read',
    summary: 'The audit trail, oldest first, and what is wrong in it',
    params: schemas.ringParams,
    query: z.object({
      after: z.coerce.number().int().min(0).optional().describe('generation'),
      limit: z.coerce.number().int().min(1).max(maxAuditEntries).optional(),
    }),
    answers: { 200: schemas.auditTrail },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { after = -1, limit = maxAuditEntries } = call.query as { after?: number; limit?: number }
      const { entries, notes } = await readTrail(call.hub.database, ringIn(call))
      return { entries: entries.filter(({ generation }) => generation > after).slice(0, limit), notes }
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/series',
    access: 'read',
    summary: 'What the instances counted, minute by minute, for 48 hours',
    params: schemas.ringParams,
    query: z.object({
      from: z.string().optional().describe('ISO 8601 or epoch milliseconds; default: an hour ago'),
      to: z.string().optional(),
      step: z.coerce.number().int().min(1).max(1_440).default(1).describe('minutes'),
    }),
    answers: { 200: schemas.seriesView },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { from, to, step } = call.query as { from?: string; to?: string; step: number }
      const end = momentOf(to) ?? (await call.hub.database.time())
      const start = momentOf(from) ?? end - 60 * minute
      const buckets = await readSeries(
        call.hub.database,
        ringIn(call),
        { from: Math.max(start, end - 2 * day), to: end },
        step,
      )
      return { ring: ringIn(call), step: step * 60, buckets }
    },
  },
]

const isAcknowledged = ({ standing }: FleetInstance): boolean => standing === 'acknowledged'

/** Without fields that were not given. */
const definedOf = (limits: z.infer<typeof schemas.newRing>['limits']): Partial<Limits> =>
  Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => value !== undefined))

/** Epoch milliseconds. @throws {KeyturnError} ERR_REQUEST_INVALID */
function momentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isFinite(time)) return time
  throw new KeyturnError('ERR_REQUEST_INVALID', `${text} is neither ISO 8601 nor epoch milliseconds`)
}
