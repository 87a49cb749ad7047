/** Schemas of what the API gives. Whatever they do not name is left out of an answer. */
import { z } from 'zod'
import { count, counters, counts, processIdentity } from './request-schemas.ts'

/** The document of a ring: public, without a secret. Its form is the library's. */
const document = z.record(z.string(), z.unknown()).describe('the ring document, without a secret')

const missing = z.object({ instance: z.string(), why: z.string() })
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
  liveTokens: count.describe(
    'tokens signed within the last maxTokenLife: about as many sessions, at most, end with a hard rotation',
  ),
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
  group: z.string().nullable().describe('the same for rotations of several environments, all or none'),
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
      confirmed: z
        .array(z.string())
        .optional()
        .describe('who has acknowledged since the event of this type before: 50 at most'),
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
      restored: z.boolean().optional(),
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
      unexpectedSignOuts: count,
    }),
  ),
})
export const keyring = z.object({
  document,
  secrets: z.record(z.string(), z.string()).describe('secrets by kid: the one place where the API gives any'),
})
export const nothing = z.null().describe('no content')
export const text = z.string()
