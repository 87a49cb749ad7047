/** rotateApplication: all environments at one hub, which activates all of them or none. */
import { RingError } from 'keyturn'
import type { Output } from '../output.ts'
import { progressOf } from '../progress.ts'
import type { End, Member } from '../rotate-everywhere.ts'
import { recordIn, rotationIn } from './hub-answers.ts'
import type { HubDesk } from './hub-desk.ts'

/** @throws what the hub refuses, before anything has changed */
export async function rotateApplication(
  members: readonly Member<HubDesk>[],
  reason: string,
  output: Output,
): Promise<readonly End[]> {
  const [first] = members
  if (!first) return []
  const { client, ring } = first.desk
  const [application = ''] = ring.split('/')
  for (const { desk } of members) desk.asks()
  const body = await client.post(['applications', application, 'rotations'], bodyOf(members, reason))
  const { rotations } = recordIn(body, client.host)
  const started = (Array.isArray(rotations) ? rotations : []).map(each => rotationIn(each, client.host))
  return Promise.all(
    members.map(async ({ desk, name }): Promise<End> => {
      const view = started.find(each => each.ring === desk.ring)
      if (!view) return { name, error: new RingError('ERR_RING_CONFLICT', 'the hub has not started it') }
      try {
        return { name, rotated: await desk.followed(view, progressOf(output, name)) }
      } catch (error) {
        return { name, error }
      }
    }),
  )
}

/** Algorithm, durations and plan may differ from ring to ring; flags are the same for all. */
function bodyOf(members: readonly Member<HubDesk>[], reason: string): object {
  const settings = Object.fromEntries(
    members.map(({ desk, request: { alg, limits } }) => [desk.ring, { alg, limits }] as const),
  )
  const plans = members.flatMap(({ desk, request: { plan } }) =>
    plan === undefined ? [] : [[desk.ring, plan] as const],
  )
  const { alg: _, limits: __, plan: ___, ...common } = members[0]?.request ?? {}
  return {
    ...common,
    reason,
    environments: members.map(({ desk }) => desk.ring.split('/')[1]),
    settings,
    ...(plans.length > 0 && { plans: Object.fromEntries(plans) }),
  }
}
