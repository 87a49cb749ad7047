/** Plans: what a change would do, and an id that fits one ring at one generation only. */
import { describe, expect, it } from 'vitest'
import { bench, benchWith, grounds } from '../../test/fleet-fixtures.ts'
import { freshRing, hour, limits, now, statesOf } from '../../test/ring-fixtures.ts'
import { activeKey } from '../ring/keys.ts'
import { generateSecret } from '../secret/generate.ts'
import { importKey } from './key-verbs.ts'
import { planRollback, planRotation, readPlanId, type Plan } from './plan.ts'
import { abortOperation } from './resume.ts'
import { rollback } from './rollback.ts'
import { rotate } from './rotate.ts'

const { document } = freshRing()
const { kid: active } = activeKey(document)
const timeout = 30_000

describe('planRotation', () => {
  it('says that a graceful rotation ends no session', () => {
    expect(planRotation(document, { mode: 'graceful' }, now)).toMatchObject({
      ring: 'immonow/production',
      generation: 1,
      grace: limits.grace,
      signs: 'new',
      sessionsEnded: 'none',
      moves: [
        [active, 'active', 'retiring'],
        ['new', 'new', 'active'],
      ],
    })
  })

  it('says that a hard rotation ends all of them', () => {
    expect(planRotation(document, { mode: 'hard' }, now)).toMatchObject({
      sessionsEnded: 'all',
      moves: [
        [active, 'active', 'suspended'],
        ['new', 'new', 'active'],
      ],
    })
  })

  it('names the key that was imported before', async () => {
    const made = bench()
    const { kid } = await importKey(made.context, { ...grounds, text: generateSecret() })
    expect(planRotation(await made.document(), { mode: 'graceful' }, now).signs).toBe(kid)
  })

  it('changes nothing', async () => {
    const made = bench()
    const before = await made.document()
    planRotation(before, { mode: 'hard' }, now)
    expect(await made.document()).toBe(before)
  })

  it.each([
    ['the generation', { ...document, generation: 2 }, { mode: 'graceful' }],
    ['the epoch', { ...document, epoch: 1 }, { mode: 'graceful' }],
    ['the ring', { ...document, ring: 'immonow/staging' }, { mode: 'graceful' }],
    ['the mode', document, { mode: 'hard' }],
    ['the grace', document, { mode: 'graceful', grace: 30 * hour }],
    ['the hold', document, { mode: 'graceful', limits: { ...limits, hold: hour } }],
  ] as const)('has another id when %s is another', (_, other, request) => {
    const { id } = planRotation(document, { mode: 'graceful' }, now)
    expect(planRotation(document, { mode: 'graceful' }, now + hour).id).toBe(id)
    expect(planRotation(other, request, now).id).not.toBe(id)
  })
})

describe('readPlanId', () => {
  it('gives back the mode and the grace that the plan was made with', () => {
    const { id } = planRotation(document, { mode: 'graceful', grace: 30 * hour }, now)
    expect(readPlanId(id)).toEqual({ mode: 'graceful', grace: 30 * hour })
  })

  it.each(['', 'graceful', 'emergency-1-1-abcdef012345', 'hard-1-1-abcdef01234', 'hard-x-1-abcdef012345'])(
    'does not take %j for one',
    text => expect(readPlanId(text)).toBeUndefined(),
  )
})

describe('a plan that is applied', () => {
  it('does just what it said', async () => {
    const made = await benchWith('one')
    const before = await made.document()
    const plan = planRotation(before, { mode: 'graceful', grace: 30 * hour }, made.clock.seconds)
    const request = { ...grounds, timeout, mode: 'graceful', grace: 30 * hour, plan: plan.id } as const
    const { ring, kid } = await rotate(made.context, request)
    const expected = plan.moves.map(([name, , to]) => [name === 'new' ? kid : name, to])
    expect(ring.document.keys.map(key => [key.kid, key.state])).toEqual(expected)
  })

  it.each<readonly [string, (plan: Plan) => object, boolean]>([
    ['the ring has moved', ({ id }) => ({ plan: id }), true],
    ['its grace is left out', ({ id }) => ({ plan: id, grace: undefined }), false],
    ['it was made for another mode', ({ id }) => ({ plan: id, mode: 'hard' }), false],
    ['its id is made up', () => ({ plan: 'graceful-108000-172800-abcdef012345' }), false],
  ])('is refused when %s', async (_, change, moves) => {
    const made = await benchWith('one')
    const plan = planRotation(
      await made.document(),
      { mode: 'graceful', grace: 30 * hour },
      made.clock.seconds,
    )
    if (moves) {
      await importKey(made.context, { ...grounds, text: generateSecret() })
      await abortOperation(made.context, grounds)
    }
    const { generation } = await made.document()
    const request = { ...grounds, timeout, mode: 'graceful', grace: 30 * hour, ...change(plan) } as const
    await expect(rotate(made.context, request)).rejects.toMatchObject({ code: 'ERR_RING_PLAN' })
    expect((await made.document()).generation).toBe(generation)
  })

  it('fits a rollback too, and is refused when the target would be another', async () => {
    const made = await benchWith('one')
    const first = activeKey(await made.document()).kid
    const { kid: second } = await rotate(made.context, { ...grounds, timeout, mode: 'hard' })
    const plan = planRollback(await made.document(), {}, made.clock.seconds)
    expect(plan).toMatchObject({ mode: 'rollback', signs: first, sessionsRestored: true, direct: false })
    const stale = { ...grounds, timeout, plan: plan.id.replace(/.$/, 'x') }
    await expect(rollback(made.context, stale)).rejects.toMatchObject({ code: 'ERR_RING_PLAN' })
    const { ring } = await rollback(made.context, { ...grounds, timeout, plan: plan.id })
    expect(statesOf(ring.document, first, second)).toEqual(['active', 'retiring'])
  })
})
