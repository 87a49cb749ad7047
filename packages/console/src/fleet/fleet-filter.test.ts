import { describe, expect, it } from 'vitest'
import type { Standing } from '../api/answers.ts'
import { countStandings, filterFleet } from './fleet-filter.ts'

const instance = (name: string, standing: Standing, host = 'web', kids: string[] = []) => ({
  instance: name,
  standing,
  kids,
  process: { host },
})

const fleet = [
  instance('api-10', 'acknowledged'),
  instance('api-2', 'acknowledged', 'db'),
  instance('worker', 'lost', 'db', ['k1']),
  instance('old', 'fenced'),
  instance('late', 'behind'),
]

const names = (filter: Parameters<typeof filterFleet>[1]): string[] =>
  filterFleet(fleet, filter).map(each => each.instance)

describe('filterFleet', () => {
  it('puts what needs somebody first, and counts as people do', () =>
    expect(names({})).toEqual(['worker', 'late', 'api-2', 'api-10', 'old']))

  it('filters by standing, and by what keeps a gate shut', () => {
    expect(names({ show: 'acknowledged' })).toEqual(['api-2', 'api-10'])
    expect(names({ show: 'missing' })).toEqual(['worker', 'late'])
    expect(names({ show: 'no such standing' })).toEqual([])
  })

  it('finds every word in name, host or kid, whatever its case', () => {
    expect(names({ text: 'API' })).toEqual(['api-2', 'api-10'])
    expect(names({ text: ' api  db ' })).toEqual(['api-2'])
    expect(names({ text: 'k1' })).toEqual(['worker'])
    expect(names({ text: 'k1', show: 'behind' })).toEqual([])
  })

  it('leaves the list that it was given as it was', () => {
    const before = fleet.map(each => each.instance)
    filterFleet(fleet, {})
    expect(fleet.map(each => each.instance)).toEqual(before)
  })
})

it('countStandings counts each', () => {
  expect(countStandings(fleet)).toEqual({
    acknowledged: 2,
    behind: 1,
    refused: 0,
    clock: 0,
    lost: 1,
    fenced: 1,
    dead: 0,
  })
})
