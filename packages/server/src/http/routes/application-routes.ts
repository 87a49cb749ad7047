/** Routes of all environments of an application at once: plans, and rotations of which all are activated or none. */
import type { z } from 'zod'
import { actorOf } from '../../access/principal.ts'
import { groupBefore, startGroup } from '../../rotations/start-group.ts'
import { plansOf, refuseAny, requestsOf, ringsOfApplication } from '../application-rings.ts'
import * as schemas from '../application-schemas.ts'
import { callerOf, type Route } from '../route.ts'

export const applicationRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/applications/:application/plans',
    access: 'read',
    summary: 'What a rotation of all environments would do; nothing is changed',
    params: schemas.applicationParams,
    body: schemas.applicationPlanRequest,
    answers: { 200: schemas.applicationPlans },
    handle: async ({ hub, params, body }) => {
      const request = body as z.infer<typeof schemas.applicationPlanRequest>
      const rings = await ringsOfApplication(hub, params['application'] ?? '', request.environments)
      return plansOf(hub, rings, request)
    },
  },
  {
    method: 'POST',
    url: '/v1/applications/:application/rotations',
    access: 'operate',
    summary: 'Start a rotation of all environments: activated when every gate is open, or dropped everywhere',
    params: schemas.applicationParams,
    body: schemas.applicationRotationRequest,
    answers: { 202: schemas.applicationRotations },
    idempotent: true,
    handle: async call => {
      const { hub, params, once } = call
      const request = call.body as z.infer<typeof schemas.applicationRotationRequest>
      const rings = await ringsOfApplication(hub, params['application'] ?? '', request.environments)
      const requests = requestsOf(rings, request)
      // The same request as before, whose replica was gone before it could answer: the rotations are there.
      const before = once === undefined ? [] : await groupBefore(hub, once, [...requests.keys()])
      if (before.length > 0) return { rotations: before }
      await refuseAny(hub, rings, requests)
      return { rotations: await startGroup(hub, requests, actorOf(callerOf(call)), once) }
    },
  },
]
