/** ringsOfApplication, requestsOf, plansOf: all environments of an application, and what is asked of each. */
import { KeyturnError, RingError, StoreError } from 'keyturn'
import { checkLimits } from 'keyturn/ring'
import { countingInstances, planRotation, type Plan, type RotateRequest } from 'keyturn/rotation'
import type { z } from 'zod'
import type { Hub } from '../hub.ts'
import type { HeldRing } from '../rings/ring-rows.ts'
import { named } from '../rotations/start-group.ts'
import type {
  applicationPlanRequest,
  applicationPlans,
  applicationRotationRequest,
} from './application-schemas.ts'
import { defined } from './defined.ts'
import { fleetAt, heldRing } from './fleet-view.ts'

type Body = z.infer<typeof applicationRotationRequest>
type PlanBody = z.infer<typeof applicationPlanRequest>

/** In the order of their names. @throws {StoreError} ERR_STORE_MISSING */
export async function ringsOfApplication(
  hub: Hub,
  application: string,
  environments?: readonly string[],
): Promise<readonly HeldRing[]> {
  await hub.feed.refresh()
  const names =
    environments?.map(environment => `${application}/${environment}`) ??
    hub.feed.names.filter(name => name.startsWith(`${application}/`))
  if (names.length === 0)
    throw new StoreError('ERR_STORE_MISSING', `the hub holds no ring of the application ${application}`)
  return Promise.all([...new Set(names)].sort().map(name => heldRing(hub, name)))
}

/**
 * What is asked of each ring.
 * @throws {KeyturnError} ERR_RING_PLAN when there are plans, but not of exactly these rings; ERR_REQUEST_INVALID for
 *   settings of another ring; {ConfigError} ERR_CONFIG_LIMITS
 */
export function requestsOf(
  rings: readonly HeldRing[],
  { environments: _, settings = {}, plans, ...common }: Body,
): ReadonlyMap<string, RotateRequest> {
  const names = rings.map(({ ring }) => ring.document.ring)
  refuseOthers(names, settings)
  const others = Object.keys(plans ?? {}).filter(name => !names.includes(name))
  const unplanned = plans ? names.filter(name => plans[name] === undefined) : []
  if (others.length > 0 || unplanned.length > 0)
    throw new RingError(
      'ERR_RING_PLAN',
      `the plans are not those of ${names.join(', ')}: ${[...others, ...unplanned].join(', ')}`,
    )
  return new Map(
    names.map(name => [
      name,
      defined<RotateRequest>({ ...common, ...defined<object>(settings[name] ?? {}), plan: plans?.[name] }),
    ]),
  )
}

/**
 * Asks every guard before anything is changed.
 * @throws what refuses one of them, with the name of its ring
 */
export async function refuseAny(
  hub: Hub,
  rings: readonly HeldRing[],
  requests: ReadonlyMap<string, RotateRequest>,
): Promise<void> {
  const now = await seconds(hub)
  for (const held of rings) {
    const { ring } = held.ring.document
    const request = requests.get(ring)
    if (!request) continue
    try {
      planOf(held, request, now)
      if (request.noFleet || countingInstances((await fleetAt(hub, held)).fleet).length > 0) continue
    } catch (error) {
      throw named(error, ring)
    }
    throw new RingError(
      'ERR_RING_NO_INSTANCES',
      `no instance holds ${ring}: nobody could acknowledge a new key`,
    )
  }
}

/** The plan of each, or why there is none. @throws {KeyturnError} ERR_REQUEST_INVALID for settings of another ring */
export async function plansOf(
  hub: Hub,
  rings: readonly HeldRing[],
  { environments: _, settings = {}, ...common }: PlanBody,
): Promise<z.infer<typeof applicationPlans>> {
  refuseOthers(
    rings.map(({ ring }) => ring.document.ring),
    settings,
  )
  const now = await seconds(hub)
  const plans: z.infer<typeof applicationPlans>['plans'] = []
  const refused: z.infer<typeof applicationPlans>['refused'] = []
  for (const held of rings) {
    const { ring } = held.ring.document
    try {
      const request = { ...common, ...defined<object>(settings[ring] ?? {}) }
      const plan = planOf(held, defined<RotateRequest>(request), now)
      plans.push({ ...plan, moves: plan.moves.map(([kid, from, to]) => [kid, from, to]) })
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error
      refused.push({ ring, code: error.code, detail: error.message })
    }
  }
  return { plans, refused }
}

/** @throws {RingError} ERR_RING_REGRESSED, ERR_RING_OPERATION, and what `planRotation` throws */
function planOf({ ring, halted }: HeldRing, request: Omit<RotateRequest, 'reason'>, now: number): Plan {
  const { operation } = ring.document
  if (halted !== null) throw new RingError('ERR_RING_REGRESSED', halted)
  if (operation)
    throw new RingError('ERR_RING_OPERATION', `the ${operation.mode} operation ${operation.id} is running`)
  if (request.limits) checkLimits(request.limits)
  return planRotation(ring.document, request, now)
}

function refuseOthers(names: readonly string[], settings: object): void {
  const other = Object.keys(settings).find(name => !names.includes(name))
  if (other !== undefined)
    throw new KeyturnError('ERR_REQUEST_INVALID', `settings names ${other}, which is not rotated`)
}

const seconds = async ({ database }: Hub): Promise<number> => Math.floor((await database.time()) / 1000)
