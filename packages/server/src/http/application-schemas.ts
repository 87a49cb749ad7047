/** Schemas of what is asked of, and answered about, all environments of an application. */
import { z } from 'zod'
import { plan, rotationView } from './answer-schemas.ts'
import { ringName, rotationRequest } from './request-schemas.ts'

/** One half of a ring's name. */
const part = z.string().regex(/^[\w.-]{1,64}$/, 'is letters, digits, dots, dashes and underscores')
const { limits, alg, plan: planId } = rotationRequest.shape

export const applicationParams = z.object({ application: part })

const fields = {
  environments: z
    .array(part)
    .min(1)
    .max(100)
    .optional()
    .describe('without the application; default: every ring of the application'),
  settings: z
    .record(ringName, z.strictObject({ limits, alg }))
    .optional()
    .describe('what differs from ring to ring'),
}
export const applicationRotationRequest = rotationRequest.omit({ limits: true, plan: true }).extend({
  ...fields,
  plans: z
    .record(ringName, planId.unwrap())
    .optional()
    .describe('the id of a plan for every ring: exactly these are applied, or none'),
})
const { mode, grace, force } = rotationRequest.shape
export const applicationPlanRequest = z.strictObject({ mode, grace, force, alg, ...fields })

export const applicationRotations = z.object({ rotations: z.array(rotationView) })
export const applicationPlans = z.object({
  plans: z.array(plan),
  refused: z
    .array(z.object({ ring: z.string(), code: z.string(), detail: z.string() }))
    .describe('rings of which no plan can be made, and why: each of them refuses the whole'),
})
