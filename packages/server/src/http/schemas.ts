/** Schemas of what the API takes and gives. The OpenAPI description is made from them. */
import { z } from 'zod'

/** `application/environment`. */
export const ringName = z
  .string()
  .regex(
    /^[\w.-]{1,64}\/[\w.-]{1,64}$/,
    'is application/environment, each of letters, digits, dots, dashes and underscores',
  )
  .describe('application/environment')

export const ringParams = z.object({ ring: ringName })
export const instanceName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'holds control characters')
export const instanceParams = z.object({ ring: ringName, instance: instanceName })
export const kidName = z.string().min(1).max(200)
export const kidParams = z.object({ ring: ringName, kid: kidName })
export const idParams = z.object({ ring: ringName, id: z.string().min(1).max(64) })

const cause = z.enum(['scheduled', 'compromised', 'breach', 'access-holder-left', 'other'])
const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds control characters')
  .describe('why, for the audit trail')
/** Why somebody changes a ring. */
export const grounds = z.strictObject({ reason, cause: cause.optional() })

const seconds = z
  .int()
  .min(0)
  .max(10 * 365 * 86_400)
export const limits = z.strictObject({
  maxTokenLife: seconds,
  maxStale: seconds,
  tolerance: seconds,
  grace: seconds,
  hold: seconds,
  lease: seconds,
})
export const algorithm = z.enum(['HS256', 'HS384', 'HS512'])

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

const count = z.int().min(0)
const counts = z.record(z.string().max(200), count)
const processIdentity = z.object({
  host: z.string().max(255),
  boot: z.string().max(64),
  namespace: z.string().max(64),
  pid: z.int(),
  start: z.string().max(64),
})
const counters = z.object({
  verified: counts,
  rejected: counts,
  signed: counts,
  loginsSucceeded: count,
  loginsFailed: count,
})
/** What an instance shows. `controller` leases are the hub's own. */
export const lease = z.object({
  v: z.literal(1),
  instance: instanceName,
  ring: ringName,
  epoch: count,
  generation: count,
  kids: z.array(kidName).max(64),
  proofs: z.record(z.string().max(200), z.string().max(64)),
  process: processIdentity,
  startedAt: z.number(),
  sentAt: z.number(),
  nack: z.object({ generation: z.int(), code: z.string().max(64) }).optional(),
  counters,
  role: z.literal('instance'),
})

/** The document of a ring: public, without a secret. Its form is the library's. */
const document = z.record(z.string(), z.unknown()).describe('the ring document, without a secret')

export const missing = z.object({ instance: z.string(), why: z.string() })
export const instanceView = z.object({
  instance: z.string(),
  standing: z.enum(['acknowledged', 'behind', 'refused', 'clock', 'lost', 'fenced', 'dead']),
  why: z.string().nullable(),
  epoch: z.number(),
  generation: z.number(),
  kids: z.array(z.string()),
  seenAt: z.string(),
  startedAt: z.string(),
  clockOffsetSeconds: z.number(),
  process: processIdentity,
  refused: z.object({ generation: z.number(), code: z.string() }).nullable(),
  counters,
})
export const fleetView = z.object({
  ring: z.string(),
  generation: z.number(),
  now: z.number().describe('epoch milliseconds, by the clock of the database'),
  acknowledged: z.boolean(),
  instances: z.array(instanceView),
  missing: z.array(missing),
})
export const ringView = z.object({
  ring: z.string(),
  now: z.number(),
  document,
  fleet: fleetView,
  halted: z.string().nullable().describe('why changes halt, if they do'),
})
export const ringList = z.object({
  rings: z.array(
    z.object({
      ring: z.string(),
      epoch: z.number(),
      generation: z.number(),
      activeKid: z.string(),
      operation: z.string().nullable(),
      instances: z.number(),
      acknowledged: z.number(),
      halted: z.string().nullable(),
    }),
  ),
})
export const changed = z.object({ ring: z.string(), generation: z.number() })
export const changedKey = changed.extend({ kid: z.string() })
export const changedEpoch = changed.extend({ epoch: z.number() })
export const erased = changed.extend({ erased: z.array(z.string()) })
export const plan = z.object({
  id: z.string(),
  ring: z.string(),
  generation: z.number(),
  mode: z.enum(['graceful', 'hard', 'rollback']),
  grace: z.number(),
  hold: z.number(),
  moves: z.array(z.tuple([z.string(), z.string(), z.string()])),
  signs: z.string(),
  sessionsEnded: z.enum(['none', 'all']),
  sessionsRestored: z.boolean(),
  direct: z.boolean(),
})
export const rotationView = z.object({
  id: z.string(),
  ring: z.string(),
  kind: z.enum(['rotation', 'rollback', 'emergency']),
  mode: z.enum(['graceful', 'hard', 'rollback', 'emergency']),
  state: z.enum(['running', 'done', 'failed']),
  phase: z.enum(['stage', 'gate', 'activate', 'confirm', 'ended']),
  reason: z.string(),
  cause: z.string().nullable(),
  actor: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  replica: z.string(),
  kid: z.string().nullable(),
  generation: z.number().nullable(),
  events: z.array(
    z.object({
      n: z.number(),
      at: z.string(),
      type: z.enum(['staged', 'gate', 'activated', 'confirming', 'resumed', 'adopted']),
      generation: z.number().optional(),
      kid: z.string().optional(),
      acknowledged: z.number().optional(),
      counting: z.number().optional(),
      missing: z.array(missing).optional(),
    }),
  ),
  outcome: z
    .object({
      generation: z.number(),
      kid: z.string(),
      cutoff: z.number(),
      acknowledged: z.number(),
      sessionsRestored: z.boolean().optional(),
      unconfirmed: z.array(missing.extend({ stopsBy: z.string() })).optional(),
      compromised: z.array(z.string()).optional(),
      tokens: z
        .array(
          z.object({
            id: z.string(),
            name: z.string(),
            addresses: z.array(z.string()),
            revoked: z.boolean(),
          }),
        )
        .optional(),
    })
    .nullable(),
  problem: z.object({ code: z.string(), detail: z.string(), fix: z.string(), exit: z.number() }).nullable(),
})
export const rotationList = z.object({ rotations: z.array(rotationView) })
export const identified = z.object({
  ring: z.string(),
  kid: z.string(),
  state: z.string(),
  createdAt: z.number().nullable(),
})
export const auditTrail = z.object({
  entries: z.array(z.record(z.string(), z.unknown())),
  notes: z.array(z.object({ severity: z.enum(['note', 'broken']), line: z.number(), message: z.string() })),
})
export const seriesView = z.object({
  ring: z.string(),
  step: z.number().describe('seconds'),
  buckets: z.array(
    z.object({
      at: z.string(),
      verified: counts,
      rejected: counts,
      signed: counts,
      loginsSucceeded: count,
      loginsFailed: count,
    }),
  ),
})
export const keyring = z.object({
  document,
  secrets: z.record(z.string(), z.string()).describe('secrets by kid: the one place where the API gives any'),
})
export const nothing = z.null().describe('no content')
export const text = z.string()
