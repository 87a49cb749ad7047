/** Routes of changes: plans, rotations, rollbacks, emergencies, and instances that are waived. */
import { KeyturnError, RingError } from 'keyturn'
import { checkLimits, type Cause, type Mode } from 'keyturn/ring'
import { systemClock } from 'keyturn/ports'
import {
  abortOperation,
  forgetInstance,
  planRollback,
  planRotation,
  type EmergencyRequest,
  type RollbackRequest,
  type RotateRequest,
} from 'keyturn/rotation'
import { z } from 'zod'
import { actorOf } from '../../access/principal.ts'
import { emergencyWork, resumeWork, rollbackWork, rotationWork } from '../../rotations/rotation-works.ts'
import type { RotationView } from '../../rotations/rotation-view.ts'
import { tokensInUse } from '../../rotations/tokens-in-use.ts'
import { heldRing } from '../fleet-view.ts'
import { callerOf, contextIn, ringIn, type Call, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'

/** Milliseconds that a follower may wait for news. */
const mostWait = 20_000
const lookEvery = 250

export const rotationRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/rings/:ring/plans',
    access: 'read',
    summary: 'What a rotation or a rollback would do; nothing is changed',
    params: schemas.ringParams,
    body: schemas.planRequest,
    answers: { 200: schemas.plan },
    handle: async call => {
      const { document } = (await heldRing(call.hub, ringIn(call))).ring
      const now = Math.floor((await call.hub.database.time()) / 1000)
      const request = call.body as z.infer<typeof schemas.planRequest>
      if (request.kind === 'rotation' && request.limits) checkLimits(request.limits)
      return request.kind === 'rollback'
        ? planRollback(document, defined<Omit<RollbackRequest, 'reason'>>(request), now)
        : planRotation(document, defined<Omit<RotateRequest, 'reason'>>(request), now)
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/rotations',
    access: 'operate',
    summary: 'Start a rotation; it goes on in the hub whoever follows it',
    params: schemas.ringParams,
    body: schemas.rotationRequest,
    answers: { 202: schemas.rotationView },
    idempotent: true,
    handle: async call => {
      const request = defined<RotateRequest>(call.body)
      if (request.limits) checkLimits(request.limits)
      return start(call, 'rotation', request.mode, request, rotationWork(request))
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/rollbacks',
    access: 'operate',
    summary: 'Take the newest rotation back',
    params: schemas.ringParams,
    body: schemas.rollbackRequest,
    answers: { 202: schemas.rotationView },
    idempotent: true,
    handle: async call => {
      const request = defined<RollbackRequest>(call.body)
      return start(call, 'rollback', 'rollback', request, rollbackWork(request))
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/emergency',
    access: 'operate',
    summary: 'A key leaked: it is dead everywhere at once, and a fresh one signs',
    params: schemas.ringParams,
    body: schemas.emergencyRequest,
    answers: { 202: schemas.rotationView },
    idempotent: true,
    handle: async call => {
      const { confirm, revokeTokens, ...body } = call.body as z.infer<typeof schemas.emergencyRequest>
      const ring = ringIn(call)
      if (confirm !== ring) throw new KeyturnError('ERR_USAGE_CONFIRM', `confirm must be ${ring}`)
      const request = defined<EmergencyRequest>(body)
      const named = { ...request, cause: request.cause ?? ('compromised' as const) }
      const actor = actorOf(callerOf(call))
      const tokens = () => tokensInUse(call.hub, { ring, actor, revoke: revokeTokens === true })
      return start(call, 'emergency', 'emergency', named, emergencyWork(named, tokens))
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/rotations',
    access: 'read',
    summary: 'Rotations, rollbacks and emergencies of a ring, newest first',
    params: schemas.ringParams,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answers: { 200: schemas.rotationList },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { limit } = call.query as { limit: number }
      return { rotations: await call.hub.records.list(ringIn(call), limit) }
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/rotations/resume',
    access: 'operate',
    summary:
      'Finish an operation that was left unfinished, or wait until everybody holds the newest generation',
    params: schemas.ringParams,
    body: schemas.waiting,
    answers: { 202: schemas.rotationView },
    handle: async call => {
      const { ring } = await heldRing(call.hub, ringIn(call))
      const { operation, audit } = ring.document
      const wait = defined<RotationView['wait']>(call.body)
      const kind = operation?.mode === 'rollback' ? 'rollback' : 'rotation'
      const grounds = { reason: operation?.reason ?? audit?.reason ?? '', ...wait }
      return start(call, kind, operation?.mode ?? 'graceful', grounds, resumeWork(wait), operation?.id)
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/rotations/abort',
    access: 'operate',
    summary: 'Drop what is staged',
    params: schemas.ringParams,
    body: schemas.grounds,
    answers: { 200: schemas.changed },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { ring, generation } = await abortOperation(contextIn(call), defined(call.body))
      return { ring, generation }
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/rotations/:id',
    access: 'read',
    summary: 'How a rotation goes; with wait, as soon as something after event `seen` has happened',
    params: schemas.idParams,
    query: z.object({
      wait: z.coerce.number().int().min(0).max(mostWait).default(0).describe('milliseconds'),
      seen: z.coerce.number().int().min(0).default(0).describe('number of the newest event that is known'),
    }),
    answers: { 200: schemas.rotationView },
    handle: async call => {
      const { wait, seen } = call.query as { wait: number; seen: number }
      return follow(call, call.params['id'] ?? '', { wait, seen })
    },
  },
  {
    method: 'POST',
    url: '/v1/rings/:ring/fleet/:instance/forget',
    access: 'operate',
    summary: 'Waive a lost instance by name: no gate waits for it any more',
    params: schemas.instanceParams,
    body: schemas.grounds,
    answers: { 200: schemas.changed },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const instance = call.params['instance'] ?? ''
      const { ring, generation } = await forgetInstance(contextIn(call), {
        ...defined<{ reason: string }>(call.body),
        instance,
      })
      return { ring, generation }
    },
  },
]

async function start(
  call: Call,
  kind: RotationView['kind'],
  mode: Mode | 'rollback',
  request: {
    readonly reason: string
    readonly cause?: Cause
    readonly timeout?: number
    readonly noFleet?: boolean
  },
  work: ReturnType<typeof rotationWork>,
  resumed?: string,
): Promise<RotationView> {
  const ring = ringIn(call)
  const { once } = call
  const { rotations, records } = call.hub
  const { halted } = await heldRing(call.hub, ring)
  if (halted !== null && kind !== 'emergency') throw new RingError('ERR_RING_REGRESSED', halted)
  const { reason, cause, timeout, noFleet } = request
  const started = {
    kind,
    mode,
    ring,
    reason,
    ...(cause && { cause }),
    actor: actorOf(callerOf(call)),
    wait: { ...(timeout !== undefined && { timeout }), ...(noFleet && { noFleet }) },
  }
  // The same request as before, whose replica was gone before it could answer: the rotation is there.
  const before = once === undefined ? undefined : await records.find(once)
  const view =
    before ??
    (resumed === undefined
      ? await rotations.start(started, work, once)
      : await rotations.resume(started, work, resumed))
  call.reply.header('location', `/v1/rings/${encodeURIComponent(ring)}/rotations/${view.id}`)
  return view
}

/** This replica is told of news; of a rotation that another one runs it has to ask. */
async function follow(
  call: Call,
  id: string,
  { wait, seen }: { wait: number; seen: number },
): Promise<RotationView> {
  const { rotations, records, stopping } = call.hub
  const deadline = performance.now() + wait
  for (;;) {
    const own = rotations.viewOf(id)
    // How it ended is what the record says: another replica may have taken over, and ended it otherwise.
    const view = own?.state === 'running' ? own : await records.find(id)
    if (view?.ring !== ringIn(call))
      throw new KeyturnError('ERR_ROTATION_NOT_FOUND', `no rotation has the id ${id}`)
    const isNews = view.state !== 'running' || (view.events.at(-1)?.n ?? 0) > seen
    const left = deadline - performance.now()
    if (isNews || left <= 0 || stopping.aborted) return view
    const over = new AbortController()
    const end = (): void => over.abort()
    stopping.addEventListener('abort', end)
    if (rotations.viewOf(id)) await rotations.next(id, seen, systemClock.sleep(left, over.signal))
    else await systemClock.sleep(Math.min(lookEvery, left), over.signal)
    stopping.removeEventListener('abort', end)
    end()
  }
}

/** Without fields that were not given: `undefined` is not the same as absent. */
function defined<Result>(body: unknown): Result {
  const fields = Object.entries(body as Record<string, unknown>).filter(([, value]) => value !== undefined)
  return Object.fromEntries(fields) as Result
}
