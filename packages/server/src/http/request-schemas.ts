/** Schemas of what the API takes. */
import { z } from 'zod'

/** No pattern: the description of the API is read by languages that know no classes of Unicode. */
export const isPlain = (text: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(text)

/** `application/environment`. */
export const ringName = z
  .string()
  .regex(
    /^[\w.-]{1,64}\/[\w.-]{1,64}$/,
    'is application/environment, each of letters, digits, dots, dashes and underscores',
  )
  .describe('application/environment')

export const ringParams = z.object({ ring: ringName })
const instanceName = z.string().min(1).max(200).refine(isPlain, 'holds control characters')
export const instanceParams = z.object({ ring: ringName, instance: instanceName })
const kidName = z.string().min(1).max(200)
export const kidParams = z.object({ ring: ringName, kid: kidName })
export const idParams = z.object({
  ring: ringName,
  id: z.string().min(1).max(64).refine(isPlain, 'holds control characters'),
})

const cause = z.enum(['scheduled', 'compromised', 'breach', 'access-holder-left', 'other'])
const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine(isPlain, 'holds control characters')
  .describe('why, for the audit trail')
/** Why somebody changes a ring. */
export const grounds = z.strictObject({ reason, cause: cause.optional() })

const seconds = z
  .int()
  .min(0)
  .max(10 * 365 * 86_400)
const limits = z.strictObject({
  maxTokenLife: seconds,
  maxStale: seconds,
  tolerance: seconds,
  grace: seconds,
  hold: seconds,
  lease: seconds,
})
const algorithm = z.enum(['HS256', 'HS384', 'HS512'])

const mostTimeout = 3_600_000
const wait = {
  timeout: z
    .int()
    .min(0)
    .max(mostTimeout)
    .optional()
    .describe('milliseconds to wait at the gate, and again for the confirmation'),
  noFleet: z.boolean().optional().describe('no instance is expected'),
}
export const waiting = z.strictObject(wait)

export const newRing = z.strictObject({
  ring: ringName,
  limits: limits.partial().optional(),
  alg: algorithm.optional(),
  reason: reason.default('set up'),
  cause: cause.optional(),
})

const rotationFields = {
  mode: z.enum(['graceful', 'hard']).default('graceful'),
  grace: seconds.optional(),
  force: z.boolean().optional(),
  alg: algorithm.optional(),
  limits: limits.optional(),
  plan: z.string().max(100).optional(),
}
export const rotationRequest = grounds.extend({ ...rotationFields, ...wait })
export const rollbackRequest = grounds.extend({
  to: kidName.optional(),
  plan: z.string().max(100).optional(),
  ...wait,
})
export const planRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rotation'), ...rotationFields }),
  z.strictObject({
    kind: z.literal('rollback'),
    to: kidName.optional(),
    plan: z.string().max(100).optional(),
  }),
])
export const emergencyRequest = grounds.extend({
  confirm: z.string().describe('the name of the ring, typed by whoever asks'),
  kid: kidName.optional(),
  keepSessions: z.boolean().optional(),
  revokeTokens: z.boolean().optional().describe('ends the access tokens of the instances of this ring'),
  ...wait,
})
export const importRequest = grounds.extend({
  secret: z.string().min(1).max(4096),
  aliases: z.array(kidName).max(16).optional(),
  force: z.boolean().optional(),
})
export const keyRequest = grounds.extend({ force: z.boolean().optional() })
export const epochRequest = grounds.extend({ compromised: z.array(kidName).max(200).optional() })
export const identifyRequest = z.union([
  z.strictObject({ secret: z.string().min(1).max(65_536) }),
  z.strictObject({ token: z.string().min(1).max(65_536) }),
])

export const count = z.int().min(0)
export const counts = z.record(z.string().max(200), count)
export const processIdentity = z.object({
  host: z.string().max(255),
  boot: z.string().max(64),
  namespace: z.string().max(64),
  pid: z.int(),
  start: z.string().max(64),
})
export const counters = z.object({
  verified: counts,
  rejected: counts,
  signed: counts,
  loginsSucceeded: count,
  loginsFailed: count,
  unexpectedSignOuts: count,
})
/** What an instance shows. `controller` leases are the hub's own. */
export const lease = z.object({
  v: z.literal(1),
  instance: instanceName,
  ring: ringName,
  epoch: count,
  generation: count,
  hash: z.string().max(64).optional().describe('of the document that it holds'),
  kids: z.array(kidName).max(64),
  proofs: z.record(z.string().max(200), z.string().max(64)),
  process: processIdentity,
  startedAt: z.number(),
  sentAt: z.number(),
  nack: z.object({ generation: z.int(), code: z.string().max(64) }).optional(),
  // Instances of an older version do not count them.
  counters: counters.extend({ unexpectedSignOuts: count.default(0) }),
  role: z.literal('instance'),
})
