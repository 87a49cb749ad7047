/** Tests of healthOf and toDoOf. */
import { describe, expect, it } from 'vitest'
import type { InstanceView, RingView, Standing } from '../api/answers.ts'
import { fleetCounts, healthOf, toDoOf } from './health.ts'

const now = 1_800_000_000_000
const day = 86_400

interface Given {
  readonly standings?: readonly Standing[]
  readonly halted?: string
  readonly operation?: boolean
  /** Seconds that the active key has signed. */
  readonly age?: number
  readonly legacy?: boolean
}

function view({ standings = ['acknowledged'], halted, operation, age = day, legacy }: Given): RingView {
  return {
    now,
    halted: halted ?? null,
    document: {
      operation: operation ? { id: 'op', mode: 'graceful' } : null,
      keys: [
        { kid: 'one', state: 'active', activatedAt: now / 1000 - age },
        ...(legacy ? [{ kid: 'old', state: 'retiring', legacy: true }] : []),
      ],
    },
    fleet: {
      instances: standings.map((standing, index) => ({ instance: `i${index}`, standing }) as InstanceView),
    },
  } as unknown as RingView
}

describe('healthOf', () => {
  it('is healthy only if every instance that counts has acknowledged', () => {
    expect(healthOf(view({}), false).kind).toBe('healthy')
    expect(healthOf(view({ standings: ['acknowledged', 'fenced', 'dead'] }), false).kind).toBe('healthy')
    for (const standing of ['behind', 'refused', 'clock', 'lost'] as const)
      expect(healthOf(view({ standings: ['acknowledged', standing] }), false).kind).toBe('behind')
    expect(healthOf(view({ standings: [] }), false).kind).toBe('none')
  })

  it('tells an operation that runs from one that nobody works on, and a halt from everything', () => {
    expect(healthOf(view({ operation: true }), true).kind).toBe('operation')
    expect(healthOf(view({ operation: true }), false).kind).toBe('unfinished')
    expect(healthOf(view({ operation: true, halted: 'set back' }), true).kind).toBe('halted')
  })
})

describe('fleetCounts', () => {
  it('leaves out who has stopped', () => {
    const { instances } = view({ standings: ['acknowledged', 'lost', 'fenced', 'dead'] }).fleet
    expect(fleetCounts(instances)).toMatchObject({ acknowledged: 1, count: 2 })
  })
})

describe('toDoOf', () => {
  const kinds = (given: Given, runs = false): readonly string[] =>
    toDoOf(view(given), runs).map(({ kind }) => kind)

  it('names what needs somebody, the most urgent first', () => {
    expect(kinds({})).toEqual([])
    expect(
      kinds({ standings: ['clock', 'lost', 'refused', 'behind'], halted: 'x', operation: true }),
    ).toEqual(['halted', 'staged', 'lost', 'refused', 'clock', 'behind'])
    expect(kinds({ standings: [], legacy: true, age: 200 * day })).toEqual(['none', 'legacy', 'old'])
  })

  it('lets an instance be behind while a rotation runs', () => {
    expect(kinds({ standings: ['behind'], operation: true }, true)).toEqual([])
  })
})
