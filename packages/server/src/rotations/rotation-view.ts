/** RotationView: a rotation, a rollback or an emergency as the API shows it. Without a secret, and without proofs. */
import type { ErrorCode } from 'keyturn'
import type { Cause } from 'keyturn/ring'
import { whyMissing, type Fleet, type FleetInstance, type RotationEvent } from 'keyturn/rotation'

export interface Missing {
  readonly instance: string
  readonly why: string
}

/** One step, numbered from 1. */
export interface ViewEvent {
  readonly n: number
  /** ISO 8601. */
  readonly at: string
  readonly type: RotationEvent['type']
  readonly generation?: number
  readonly kid?: string
  readonly acknowledged?: number
  readonly counting?: number
  /** Who has acknowledged since the event of this type before: 50 at most. */
  readonly confirmed?: readonly string[]
  readonly missing?: readonly Missing[]
}

export interface ViewOutcome {
  readonly generation: number
  readonly kid: string
  readonly cutoff: number
  readonly acknowledged: number
  readonly sessionsRestored?: boolean
  readonly unconfirmed?: readonly (Missing & { readonly stopsBy: string })[]
  readonly compromised?: readonly string[]
  /** The database was set back: every key and every login session ended, whatever was asked for. */
  readonly restored?: boolean
  readonly tokens?: readonly TokenInUse[]
}

/** Where an access token was used from: after a leak somebody wants to know. */
export interface TokenInUse {
  readonly id: string
  readonly name: string
  readonly addresses: readonly string[]
  readonly revoked: boolean
}

export interface RotationView {
  readonly id: string
  readonly ring: string
  /** Rotations of several environments, all or none, have the same. */
  readonly group: string | null
  readonly kind: 'rotation' | 'rollback' | 'emergency'
  readonly mode: 'graceful' | 'hard' | 'rollback' | 'emergency'
  readonly state: 'running' | 'done' | 'failed'
  readonly phase: 'stage' | 'gate' | 'activate' | 'confirm' | 'ended'
  readonly reason: string
  readonly cause: Cause | null
  readonly actor: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly endedAt: string | null
  /** The replica that works on it. */
  readonly replica: string
  readonly kid: string | null
  readonly generation: number | null
  readonly events: readonly ViewEvent[]
  readonly outcome: ViewOutcome | null
  readonly problem: {
    readonly code: ErrorCode
    readonly detail: string
    readonly fix: string
    readonly exit: number
  } | null
  /** What a resumed one goes on with. */
  readonly wait: { readonly timeout?: number; readonly noFleet?: boolean }
}

const phases: Readonly<Record<RotationEvent['type'], RotationView['phase']>> = {
  resumed: 'gate',
  staged: 'gate',
  gate: 'gate',
  activated: 'confirm',
  confirming: 'confirm',
  adopted: 'stage',
}

/** Events that a rotation keeps: a gate that opens and shuts for hours must not fill the table. */
const mostEvents = 200
/** Instances that are named one by one. */
const mostMissing = 50

/**
 * The view after an event. The same view means that nothing is new: a fleet is looked at twenty times a second.
 * @param now epoch milliseconds
 */
export function withEvent(view: RotationView, event: RotationEvent, now: number): RotationView {
  const last = view.events.at(-1)
  const shown = shownOf(event, now)
  if (last && isSame(last, shown)) return view
  const confirmed = confirmedBy(event, view.events)
  const next = { ...shown, ...confirmed, n: (last?.n ?? 0) + 1, at: new Date(now).toISOString() }
  const events = [...view.events, next]
  return {
    ...view,
    phase: phases[event.type],
    kid: shown.kid ?? view.kid,
    generation: shown.generation ?? view.generation,
    events: events.length > mostEvents ? [...events.slice(0, 1), ...events.slice(1 - mostEvents)] : events,
  }
}

function shownOf(event: RotationEvent, now: number): Omit<ViewEvent, 'n' | 'at'> {
  if (event.type === 'gate' || event.type === 'confirming')
    return { type: event.type, ...countsOf(event.fleet, now) }
  const { generation } = event.document
  return { type: event.type, generation, ...('kid' in event && { kid: event.kid }) }
}

/** Of a gate or a confirmation: whom no event before has named. */
function confirmedBy(event: RotationEvent, before: readonly ViewEvent[]): Pick<ViewEvent, 'confirmed'> {
  if (event.type !== 'gate' && event.type !== 'confirming') return {}
  const named = new Set(
    before.flatMap(({ type, confirmed }) => (type === event.type ? (confirmed ?? []) : [])),
  )
  const confirmed = event.fleet.instances
    .filter(({ standing, lease }) => standing === 'acknowledged' && !named.has(lease.instance))
    .map(({ lease }) => lease.instance)
  return { confirmed: confirmed.slice(0, mostMissing) }
}

/** How many have acknowledged, and who has not. */
function countsOf(
  { instances, missing }: Pick<Fleet, 'instances' | 'missing'>,
  now: number,
): { acknowledged: number; counting: number; missing: readonly Missing[] } {
  const acknowledged = instances.filter(({ standing }) => standing === 'acknowledged').length
  return {
    acknowledged,
    counting: acknowledged + missing.length,
    missing: missing.slice(0, mostMissing).map(each => missingOf(each, now)),
  }
}

export const missingOf = (each: FleetInstance, now: number): Missing => ({
  instance: each.lease.instance,
  why: whyMissing(each, now),
})

/** Whose seconds alone have gone on is no news. */
function isSame(last: ViewEvent, next: Omit<ViewEvent, 'n' | 'at'>): boolean {
  if (last.type !== next.type || (next.type !== 'gate' && next.type !== 'confirming')) return false
  const names = (missing: readonly Missing[] | undefined): string =>
    (missing ?? []).map(({ instance, why }) => instance + why.replaceAll(/\d+ s\b/g, '')).join('\n')
  return (
    last.acknowledged === next.acknowledged &&
    last.counting === next.counting &&
    names(last.missing) === names(next.missing)
  )
}
