/** Tests of the requests that a choice makes. */
import { describe, expect, it } from 'vitest'
import { changeRequestOf, limitsIn, planRequestOf, refusalOf, stepsOf, type Choice } from './choice.ts'

const plain: Choice = { mode: 'graceful', force: false, noFleet: false }
const grounds = { reason: 'quarterly', cause: 'scheduled' } as const
const limits = { maxTokenLife: 900, maxStale: 3600, tolerance: 60, grace: 86_400, hold: 86_400, lease: 45 }

describe('a choice', () => {
  it('asks for the plan of what it would do', () => {
    expect(planRequestOf(plain)).toEqual({ kind: 'rotation', mode: 'graceful' })
    expect(planRequestOf({ ...plain, mode: 'hard', force: true, limits })).toEqual({
      kind: 'rotation',
      mode: 'hard',
      force: true,
      limits,
    })
    expect(planRequestOf({ ...plain, mode: 'rollback', to: 'one', force: true })).toEqual({
      kind: 'rollback',
      to: 'one',
    })
  })

  it('applies exactly the plan that was shown', () => {
    expect(changeRequestOf({ ...plain, noFleet: true }, grounds, 'graceful-1-2-abc')).toEqual({
      ...grounds,
      mode: 'graceful',
      plan: 'graceful-1-2-abc',
      noFleet: true,
    })
    expect(changeRequestOf({ ...plain, mode: 'rollback', limits }, grounds)).toEqual(grounds)
  })

  it('has no gate when every instance holds the key already', () => {
    expect(stepsOf({ mode: 'rollback', direct: true })).toEqual(['activate', 'drain'])
    expect(stepsOf({ mode: 'hard', direct: false })).toEqual(['stage', 'gate', 'activate', 'hold'])
    expect(stepsOf({ mode: 'graceful', direct: false })).toEqual([
      'stage',
      'gate',
      'activate',
      'drain',
      'destroy',
    ])
  })
})

describe('limitsIn', () => {
  it('takes all six durations, and nothing else', () => {
    expect(limitsIn(JSON.stringify(limits))).toEqual(limits)
    for (const text of [
      undefined,
      '',
      '{',
      '[]',
      'null',
      '{"grace":1}',
      JSON.stringify({ ...limits, hold: 'x' }),
    ])
      expect(limitsIn(text)).toBeUndefined()
  })
})

describe('refusalOf', () => {
  const now = 1_800_000_000
  const ring = (change: object, halted: string | null = null) =>
    ({ halted, document: { operation: null, keys: [], ...change } }) as unknown as Parameters<
      typeof refusalOf
    >[0]
  const retiring = ring({ keys: [{ kid: 'old', state: 'retiring', verifyUntil: now + 60 }] })

  it('knows what the hub would refuse', () => {
    expect(refusalOf(ring({}), plain, now)).toBeUndefined()
    expect(refusalOf(retiring, plain, now)).toEqual({ code: 'ERR_RING_RETIRING', detail: 'old' })
    expect(refusalOf(ring({ operation: { id: 'op' } }), plain, now)?.code).toBe('ERR_RING_OPERATION')
    expect(refusalOf(ring({}, 'set back'), plain, now)?.code).toBe('ERR_RING_REGRESSED')
  })

  it('does not stand in the way of what the hub allows', () => {
    expect(refusalOf(retiring, { ...plain, force: true }, now)).toBeUndefined()
    expect(refusalOf(retiring, { ...plain, mode: 'hard' }, now)).toBeUndefined()
    expect(refusalOf(retiring, { ...plain, mode: 'rollback' }, now)).toBeUndefined()
    expect(refusalOf(retiring, plain, now + 61)).toBeUndefined()
  })
})
