/** emergency: kills what leaked, at once, everywhere. */
import { RingError, type KeyturnError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { emergency as compromise, type EmergencyOptions } from '../ring/emergency.ts'
import type { HandEdit } from '../ports/ring-store.ts'
import { activeKey, findKey } from '../ring/keys.ts'
import type { RingDocument } from '../ring/document.ts'
import { compromisedIn } from '../ring/revived.ts'
import { generateSecret } from '../secret/generate.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'
import { adoptEdit } from './adopt.ts'
import { change, readRing } from './change.ts'
import type { Grounds, RotationContext } from './context.ts'
import { confirm } from './gate.ts'
import { fleetOf, type Fleet, type FleetInstance } from './fleet.ts'
import { newerThan, newestSeen, readableSightings, type Sightings } from './newest-seen.ts'
import { defaultTimeout, type WaitRequest } from './request.ts'
import { groundsOf } from './finish.ts'

export interface EmergencyRequest extends Grounds, WaitRequest {
  /** Only this key leaked. Not regarded where a backup was restored. @default every key that has bytes */
  readonly kid?: string
  /** With `kid`: login sessions stay. Not regarded where a backup was restored. */
  readonly keepSessions?: boolean
}

export interface EmergencyOutcome {
  readonly document: RingDocument
  /** Kids that are compromised by this change; empty when they were already. */
  readonly compromised: readonly string[]
  /**
   * Leases or the trail knew a newer ring, so the store was set back: every key with bytes is dead, whatever `kid` named,
   * and every login session ends, in an epoch of its own past everything that was seen.
   */
  readonly restored: boolean
  /** The key that signs now. */
  readonly kid: string
  readonly fleet: Fleet
  /** Instances that have not confirmed; each has stopped by `stopsBy` at the latest (epoch milliseconds). */
  readonly unconfirmed: readonly (FleetInstance & { readonly stopsBy: number })[]
}

/**
 * Refused by nothing but an unknown kid, and supersedes what runs. On a ring that was set back it kills every key with
 * bytes, also with `kid`, known or not: nobody knows what else is live. Leases or a trail that cannot be read do not
 * stop it.
 * @throws {RingError} ERR_RING_KEY_NOT_FOUND; ERR_CONFIRM_TIMEOUT when the change is made and no lease can be read
 */
export async function emergency(
  context: RotationContext,
  request: EmergencyRequest,
): Promise<EmergencyOutcome> {
  const sightings = await readableSightings(context)
  const found = await readRing(context.store)
  const isSetBack = newerThan(found.document, sightings) !== undefined
  if (found.edited && request.kid !== undefined && !isSetBack) await adoptEdit(context, found)
  const secret = new Secret(generateSecret())
  const kid = kidOf(secret.reveal())
  let before = found.document
  let restored: EmergencyOptions['restored']
  failpoint('emergency.before-change')
  const { document } = await change(context, {
    deed: { ...groundsOf(request), action: 'emergency', mode: 'emergency' },
    secrets: new Map([[kid, secret]]),
    adoptsEdit: true,
    apply: (current, now, { edited, document: stored }) => {
      before = current
      // Leases name the ring as it is stored, with the keys whose time has passed.
      restored = newerThan(stored, sightings) === undefined ? undefined : pastOf(current.ring, sightings)
      return compromise(withFound(current, edited), {
        fresh: { kid, alg: activeKey(current).alg, createdAt: now },
        now,
        ...(restored && { restored }),
        ...(request.kid !== undefined && { kid: request.kid }),
        ...(request.keepSessions && { keepSessions: true }),
      })
    },
  })
  failpoint('emergency.after-change')
  const { kid: active } = activeKey(document)
  context.report?.({ type: 'activated', document, kid: active })
  const at = await context.store.now()
  await context.afterChange?.('activate', document)
  const fleet = await settle(context, document, request)
  return {
    document,
    compromised: document.keys
      .filter(key => key.state === 'compromised' && findKey(before, key.kid)?.state !== 'compromised')
      .map(key => key.kid),
    restored: restored !== undefined,
    kid: active,
    fleet,
    unconfirmed: fleet.missing.map(each => ({ ...each, stopsBy: at + document.limits.maxStale * 1000 })),
  }
}

const pastOf = (ring: string, sightings: Sightings): NonNullable<EmergencyOptions['restored']> => ({
  seen: newestSeen(ring, sightings),
  compromised: compromisedIn(ring, sightings.entries),
})

/** What was pasted in by hand may be what leaked. */
function withFound(document: RingDocument, edit: HandEdit | undefined): RingDocument {
  if (!edit) return document
  const values = [edit.active, edit.staged, ...edit.retiring, ...edit.suspended].filter(
    each => each !== undefined,
  )
  const kids = new Set(values.map(value => kidOf(value.reveal())).filter(kid => !findKey(document, kid)))
  const { alg } = activeKey(document)
  const keys = [...kids].map(kid => ({ kid, state: 'suspended' as const, alg, createdAt: null }))
  return { ...document, keys: [...document.keys, ...keys] }
}

/** The change stands whoever confirms it, so a time-out is part of the outcome. */
async function settle(context: RotationContext, document: RingDocument, wait: WaitRequest): Promise<Fleet> {
  const deadline = context.clock.monotonic() + (wait.timeout ?? defaultTimeout)
  try {
    return await confirm(context, document, { deadline })
  } catch {
    // Goes on below.
  }
  try {
    return await fleetOf(await readRing(context.store), context.leases, await context.store.now())
  } catch (error) {
    // Not as it is: a store's error may say that nothing was changed.
    const { code = 'unknown' } = error as Partial<KeyturnError>
    throw new RingError(
      'ERR_CONFIRM_TIMEOUT',
      `the change is made, generation ${document.generation}, but nobody can tell who has taken it: the leases cannot be read (${code})`,
    )
  }
}
