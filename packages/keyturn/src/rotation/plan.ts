/** planRotation, planRollback: what a change would do. A plan is not stored: its id says what it fits. */
import { createHash } from 'node:crypto'
import { ConfigError, RingError } from '../errors.ts'
import { activate } from '../ring/activate.ts'
import { movesBetween } from '../ring/advance.ts'
import { bounded } from '../ring/adopt.ts'
import { canonicalJson } from '../ring/canonical.ts'
import type { Limits, RingDocument } from '../ring/document.ts'
import { leastGrace } from '../ring/limits.ts'
import { activeKey, isPast, stagedKey } from '../ring/keys.ts'
import { rollbackActivate, rollbackPublish, rollbackTarget } from '../ring/rollback.ts'
import { stage } from '../ring/stage.ts'
import type { RollbackRequest, RotateRequest } from './request.ts'

/** What a change would do, and to whom. Durations in seconds. */
export interface Plan {
  /** Mode, durations and a hash of the ring it fits. */
  readonly id: string
  readonly ring: string
  readonly generation: number
  readonly mode: 'graceful' | 'hard' | 'rollback'
  readonly grace: number
  readonly hold: number
  /** Kid, from, to. A key that does not exist yet is called `new`. */
  readonly moves: readonly (readonly [kid: string, from: string, to: string])[]
  /** The key that will sign. */
  readonly signs: string
  /** Login sessions that end. */
  readonly sessionsEnded: 'none' | 'all'
  /** A rollback brings back the sessions that a hard rotation ended. */
  readonly sessionsRestored: boolean
  /** Stage and gate are skipped: every instance holds the key. */
  readonly direct: boolean
}

const newKid = 'new'

/**
 * The plan of a rotation.
 * @param now epoch seconds
 * @throws {RingError} ERR_RING_RETIRING, ERR_RING_OPERATION, ERR_RING_FULL, ERR_RING_PLAN
 * @throws {ConfigError} ERR_CONFIG_LIMITS for a grace that is too short
 */
export function planRotation(
  document: RingDocument,
  request: Omit<RotateRequest, 'reason'>,
  now: number,
): Plan {
  const limits = request.limits ?? document.limits
  const { mode } = request
  const grace = request.grace ?? limits.grace
  refuseRetiring(document, request, now)
  refuseShortGrace(grace, limits)
  const base = bounded(document, now)
  const imported = stagedKey(base)
  const alg = request.alg ?? activeKey(base).alg
  const published = imported
    ? base
    : stage(base, { kid: newKid, alg, createdAt: now }, { ...(request.force && { force: true }) })
  const after = activate(published, { mode, now, grace, hold: limits.hold })
  const plan = {
    ring: document.ring,
    generation: document.generation,
    mode,
    grace,
    hold: limits.hold,
    moves: movesBetween(base, after),
    signs: imported?.kid ?? newKid,
    sessionsEnded: mode === 'hard' ? ('all' as const) : ('none' as const),
    sessionsRestored: false,
    direct: false,
  }
  return checked({ ...plan, id: idOf(document, mode, grace, limits.hold, '') }, request.plan)
}

/** The plan of a rollback. @throws what `rollbackTarget` throws, and ERR_RING_PLAN */
export function planRollback(
  document: RingDocument,
  request: Omit<RollbackRequest, 'reason'>,
  now: number,
): Plan {
  const { grace, hold } = document.limits
  const target = rollbackTarget(document, now, request.to)
  const { kid } = target.key
  const operation = {
    id: '',
    mode: 'rollback',
    phase: 'gate',
    kid,
    startedAt: now,
    reason: '',
    grace,
    hold,
    controller: '',
  } as const
  const published = target.held ? document : rollbackPublish(document, target, operation)
  const after = rollbackActivate(published, { kid, undoes: target.undoes, now, grace })
  const plan = {
    ring: document.ring,
    generation: document.generation,
    mode: 'rollback' as const,
    grace,
    hold,
    moves: movesBetween(document, after),
    signs: kid,
    sessionsEnded: 'none' as const,
    sessionsRestored: after.cutoff < document.cutoff,
    direct: target.held,
  }
  return checked({ ...plan, id: idOf(document, 'rollback', grace, hold, kid) }, request.plan)
}

/** The mode and durations a plan id was made with, so that it can be applied without repeating its flags. */
export function readPlanId(id: string): { mode: Plan['mode']; grace: number } | undefined {
  const match = /^(graceful|hard|rollback)-(\d{1,12})-(\d{1,12})-[\w]{12}$/.exec(id)
  return match ? { mode: match[1] as Plan['mode'], grace: Number(match[2]) } : undefined
}

function idOf(document: RingDocument, mode: Plan['mode'], grace: number, hold: number, to: string): string {
  const { ring, epoch, generation } = document
  const text = canonicalJson({ ring, epoch, generation, mode, grace, hold, to })
  return `${mode}-${grace}-${hold}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
}

function checked(plan: Plan, wanted: string | undefined): Plan {
  if (wanted === undefined || wanted === plan.id) return plan
  throw new RingError(
    'ERR_RING_PLAN',
    `the plan ${wanted} does not fit ${plan.ring} at generation ${plan.generation}: the ring or the durations have changed`,
  )
}

/** A grace for this rotation alone must cover what the ring's own does. @throws {ConfigError} ERR_CONFIG_LIMITS */
function refuseShortGrace(grace: number, limits: Limits): void {
  const least = leastGrace(limits)
  if (grace >= least) return
  throw new ConfigError(
    'ERR_CONFIG_LIMITS',
    `a grace of ${grace} s is less than maxTokenLife + maxStale + 2 x tolerance, ${least} s: tokens would die early`,
  )
}

/** A second graceful rotation would crowd the first one's old key. @throws {RingError} ERR_RING_RETIRING */
function refuseRetiring(
  document: RingDocument,
  request: { mode: string; force?: boolean },
  now: number,
): void {
  if (request.mode !== 'graceful' || request.force) return
  const retiring = document.keys.find(key => key.state === 'retiring' && !isPast(key.verifyUntil, now))
  if (!retiring) return
  const until =
    retiring.verifyUntil === undefined ? '' : ` until ${new Date(retiring.verifyUntil * 1000).toISOString()}`
  throw new RingError('ERR_RING_RETIRING', `the key ${retiring.kid} is still retiring${until}`)
}
