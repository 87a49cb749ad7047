/** Plans of all environments of an application over the API. */
import type { Plan } from 'keyturn/rotation'
import { describe, expect, it } from 'vitest'
import {
  alone,
  applicationHub,
  documentsOf,
  ended,
  otherRing,
  plans,
  rings,
  rotations,
  viewsIn,
} from './application-hub.ts'
import { pathOf, type Answer } from './running-hub.ts'

const planned = ({ json }: Answer) =>
  json as unknown as { plans: Plan[]; refused: { ring: string; code: string; detail: string }[] }

describe('plans of all environments', () => {
  it('are applied exactly, or not at all', async () => {
    const { hub, as } = await applicationHub()
    const read = await hub.token('read')
    const { plans: made, refused } = planned(
      await hub.expect(200, plans, { as: read, body: { mode: 'hard' } }),
    )
    expect(refused).toEqual([])
    expect(made.map(({ ring, mode, generation }) => [ring, mode, generation])).toEqual(
      rings.map(ring => [ring, 'hard', 1]),
    )
    const ids = Object.fromEntries(made.map(({ ring, id }) => [ring, id]))
    const { 'immonow/test': _, ...fewer } = ids
    const before = await documentsOf(hub)
    await hub.refused('ERR_RING_PLAN', rotations, { as, body: { ...alone, plans: fewer } })
    await hub.refused('ERR_RING_PLAN', rotations, {
      as,
      body: { ...alone, plans: { ...ids, [otherRing]: 'hard-1-1-000000000000' } },
    })
    await hub.refused('ERR_RING_PLAN', rotations, { as, body: { ...alone, mode: 'graceful', plans: ids } })
    expect(await documentsOf(hub)).toEqual(before)
    const done = await ended(
      hub,
      viewsIn(await hub.expect(202, rotations, { as, body: { ...alone, plans: ids } })),
    )
    expect(done.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    const { json } = await hub.refused('ERR_RING_PLAN', rotations, { as, body: { ...alone, plans: ids } })
    expect(json['detail']).toContain('immonow/production')
  })

  it('say of which rings none can be made, and why', async () => {
    const { hub, as } = await applicationHub()
    const path = pathOf('immonow/staging')
    const { json } = await hub.expect(202, `POST ${path}/rotations`, {
      as,
      body: { ...alone, mode: 'graceful' },
    })
    await hub.ended(path, json['id'] as string, as)
    const { plans: made, refused } = planned(await hub.expect(200, plans, { as, body: {} }))
    expect(made.map(({ ring }) => ring)).toEqual(['immonow/production', 'immonow/test'])
    expect(refused).toMatchObject([{ ring: 'immonow/staging', code: 'ERR_RING_RETIRING' }])
    const forced = planned(await hub.expect(200, plans, { as, body: { force: true } }))
    expect(forced.plans).toHaveLength(3)
  })
})
