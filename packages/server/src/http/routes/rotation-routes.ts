/** Routes of changes: plans, rotations, rollbacks, emergencies, and instances that are waived. */
import { checkLimits } from 'keyturn/ring'
import { systemClock } from 'keyturn/ports'
import {
  abortOperation,
  forgetInstance,
  planRollback,
  planRotation,
  type RollbackRequest,
  type RotateRequest,
} from 'keyturn/rotation'
import { z } from 'zod'
import { resumeWork, rollbackWork, rotationWork } from '../../rotations/rotation-works.ts'
import type { RotationView } from '../../rotations/rotation-view.ts'
import { defined } from '../defined.ts'
import { heldRing } from '../fleet-view.ts'
import { callerOf, contextIn, ringIn, type Call, type Route } from '../route.ts'
import * as schemas from '../schemas.ts'
import {
  rotationNow,
  startEmergency,
  startRotation,
  type Asker,
  type RotationStart,
} from '../start-rotation.ts'

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
      return start(call, { kind: 'rotation', mode: request.mode, request, work: rotationWork(request) })
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
      return start(call, { kind: 'rollback', mode: 'rollback', request, work: rollbackWork(request) })
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
      const request = call.body as z.infer<typeof schemas.emergencyRequest>
      return located(call, await startEmergency(askerOf(call), request))
    },
  },
  {
    method: 'GET',
    url: '/v1/rings/:ring/rotations',
    access: 'read',
    summary:
      'Rotations, rollbacks and emergencies of a ring, newest first; who is missing and who has confirmed is in each one',
    params: schemas.ringParams,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answers: { 200: schemas.rotationList },
    handle: async call => {
      await heldRing(call.hub, ringIn(call))
      const { limit } = call.query as { limit: number }
      return { rotations: (await call.hub.records.list(ringIn(call), limit)).map(inList) }
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
      return start(call, {
        kind,
        mode: operation?.mode ?? 'graceful',
        request: grounds,
        work: resumeWork(wait),
        resumed: operation?.id,
      })
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

/** Without names of instances: many rotations of a large fleet would be megabytes. */
const inList = (view: RotationView): RotationView => ({
  ...view,
  events: view.events.map(({ missing: _, confirmed: __, ...event }) => event),
})

async function start(call: Call, rotation: RotationStart): Promise<RotationView> {
  return located(call, await startRotation(askerOf(call), rotation))
}

const askerOf = (call: Call): Asker => ({
  hub: call.hub,
  ring: ringIn(call),
  principal: callerOf(call),
  once: call.once,
})

function located(call: Call, view: RotationView): RotationView {
  call.reply.header('location', `/v1/rings/${encodeURIComponent(view.ring)}/rotations/${view.id}`)
  return view
}

/** This replica is told of news; of a rotation that another one runs it has to ask. */
async function follow(
  call: Call,
  id: string,
  { wait, seen }: { wait: number; seen: number },
): Promise<RotationView> {
  const { rotations, stopping } = call.hub
  const deadline = performance.now() + wait
  for (;;) {
    const view = await rotationNow(call.hub, ringIn(call), id)
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
