/** What a hub answers, and how it becomes what the commands know. */
import type { RingDocument } from 'keyturn/ring'
import { parseDocument } from 'keyturn/ring'
import type { FleetView, InstanceView, MissingInstance } from '../desk/fleet-view.ts'
import type { UsedToken } from '../desk/ring-desk.ts'
import { NoAnswer, type ProblemDocument } from './hub-problem.ts'

export interface HubRing {
  readonly ring: string
  readonly epoch: number
  readonly generation: number
  readonly activeKid: string | null
  readonly operation: unknown
  readonly instances: number
  readonly acknowledged: number | boolean
}

/** A rotation, a rollback or an emergency that the hub runs. */
export interface RotationView {
  readonly id: string
  readonly ring: string
  readonly kind: 'rotation' | 'rollback' | 'emergency'
  readonly mode: string
  readonly state: 'running' | 'done' | 'failed'
  readonly phase: string
  readonly reason: string
  readonly actor: string
  readonly startedAt: string
  readonly kid: string | null
  readonly generation: number | null
  readonly events: readonly RotationStep[]
  readonly outcome: RotationOutcome | null
  readonly problem: ProblemDocument | null
}

export interface RotationStep {
  /** From 1. */
  readonly n: number
  readonly type: string
  readonly generation?: number
  readonly kid?: string
  readonly acknowledged?: number
  readonly counting?: number
  readonly missing?: readonly MissingInstance[]
}

export interface RotationOutcome {
  readonly generation: number
  readonly kid: string
  readonly cutoff: number
  readonly acknowledged: number
  readonly sessionsRestored?: boolean
  readonly unconfirmed?: readonly (MissingInstance & { readonly stopsBy: string })[]
  readonly compromised?: readonly string[]
  readonly restored?: boolean
  readonly tokens?: readonly UsedToken[]
}

/** `GET /v1/whoami` */
export interface Whoami {
  readonly kind: 'operator' | 'token'
  readonly id: string
  readonly name: string
  readonly role?: string
  readonly scopes?: readonly string[]
  readonly expiresAt?: string | null
}

/** @throws {StoreError} ERR_STORE_UNREACHABLE for what no hub answers; {RingError} ERR_RING_INVALID */
export function ringViewIn(
  body: unknown,
  host: string,
): { document: RingDocument; fleet: FleetView; now: number; halted: string | null } {
  const { document, fleet, now, halted } = recordIn(body, host)
  const at = timeIn(now, host)
  return {
    document: parseDocument(document),
    fleet: fleetIn(fleet, host),
    now: at,
    halted: typeof halted === 'string' && halted !== '' ? halted : null,
  }
}

/** @throws {StoreError} ERR_STORE_UNREACHABLE for what no hub answers */
export function fleetIn(body: unknown, host: string): FleetView {
  const { ring, generation, now, instances, acknowledged, missing } = recordIn(body, host)
  if (typeof ring !== 'string' || typeof generation !== 'number' || !Array.isArray(instances))
    throw strange(host)
  return {
    ring,
    generation,
    now: timeIn(now, host),
    instances: instances as InstanceView[],
    acknowledged: acknowledged === true,
    missing: Array.isArray(missing) ? (missing as MissingInstance[]) : [],
  }
}

/** @throws {StoreError} ERR_STORE_UNREACHABLE for what no hub answers */
export function rotationIn(body: unknown, host: string): RotationView {
  const view = recordIn(body, host)
  const { id, state, events } = view
  if (typeof id !== 'string' || typeof state !== 'string' || !Array.isArray(events)) throw strange(host)
  return view as unknown as RotationView
}

export function recordIn(body: unknown, host: string): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>
  throw strange(host)
}

/** Epoch milliseconds, also from ISO 8601. */
function timeIn(value: unknown, host: string): number {
  const time = typeof value === 'string' ? Date.parse(value) : value
  if (typeof time !== 'number' || !Number.isFinite(time)) throw strange(host)
  return time
}

const strange = (host: string): NoAnswer =>
  new NoAnswer(`${host} answers what this command line does not understand: is one of them older?`, {
    isSent: false,
    fix: 'see the version of both: keyturn --version, and /openapi.json of the hub',
  })
