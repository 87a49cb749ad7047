import { describe, expect, it } from 'vitest'
import { filterTrail, optionsOf, type Entry } from './audit-filter.ts'

const entry = (generation: number, more: Partial<Entry>): Entry => ({
  v: 1,
  ring: 'immonow/production',
  epoch: 0,
  generation,
  at: new Date(2026, 10, 20 + generation, 12).toISOString(),
  action: 'rotate.stage',
  actor: 'anna',
  reason: 'r',
  keys: [],
  cutoff: 0,
  prev: '',
  ...more,
})

const entries = [
  entry(1, { action: 'init', keys: [['k1', 'new', 'active']] }),
  entry(2, { actor: 'bea', keys: [['k2', 'new', 'staged']] }),
  entry(3, { action: 'fleet.forget:api-1' }),
  entry(4, { action: 'fleet.forget:api-2', actor: 'bea' }),
]

const shown = (filter: Parameters<typeof filterTrail>[1]): number[] =>
  filterTrail(entries, filter).map(({ generation }) => generation)

describe('filterTrail', () => {
  it('gives the newest first', () => expect(shown({})).toEqual([4, 3, 2, 1]))

  it('filters by the kind of action, whoever it was done to', () => {
    expect(shown({ action: 'fleet.forget' })).toEqual([4, 3])
    expect(shown({ action: 'fleet.forget', actor: 'bea' })).toEqual([4])
  })

  it('filters by kid', () => expect(shown({ kid: 'k2' })).toEqual([2]))

  it('includes both days, from their beginning to their end', () => {
    expect(shown({ from: '2026-11-22' })).toEqual([4, 3, 2])
    expect(shown({ to: '2026-11-22' })).toEqual([2, 1])
    expect(shown({ from: '2026-11-22', to: '2026-11-22' })).toEqual([2])
  })

  it('is not filtered by what is no day', () => expect(shown({ from: 'yesterday' })).toEqual([4, 3, 2, 1]))
})

it('optionsOf names each once, and the newest key first', () => {
  expect(optionsOf(entries)).toEqual({
    action: ['fleet.forget', 'init', 'rotate.stage'],
    actor: ['anna', 'bea'],
    kid: ['k2', 'k1'],
  })
})
