/** Tests of the requests that a choice makes. */
import { describe, expect, it } from 'vitest'
import { changeRequestOf, limitsIn, planRequestOf, stepsOf, type Choice } from './choice.ts'

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
    for (const text of [undefined, '', '{', '[]', 'null', '{"grace":1}', JSON.stringify({ ...limits, hold: 'x' })])
      expect(limitsIn(text)).toBeUndefined()
  })
})
