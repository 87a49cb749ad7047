/** Tests of courseOf, progressOf and phasesOf. */
import { describe, expect, it } from 'vitest'
import type { InstanceView, RotationView } from '../api/answers.ts'
import { courseOf, phasesOf, progressOf } from './course.ts'

const start = Date.UTC(2026, 10, 22, 14, 0)
const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString()
const missing = (...names: string[]) => names.map(instance => ({ instance, why: `${instance} is behind` }))
const instances = ['a', 'b', 'c'].map(instance => ({ instance, standing: 'behind' }) as InstanceView)

function rotation(events: readonly object[], change: Partial<RotationView> = {}): RotationView {
  const numbered = events.map((event, index) => ({ n: index + 1, ...event }))
  return {
    kind: 'rotation',
    state: 'running',
    startedAt: at(0),
    endedAt: null,
    events: numbered,
    ...change,
  } as RotationView
}

const staged = { type: 'staged', at: at(100) }
const gate = (milliseconds: number, names: string[], confirmed: string[]) => ({
  type: 'gate',
  at: at(milliseconds),
  acknowledged: 3 - names.length,
  counting: 3,
  missing: missing(...names),
  confirmed,
})

describe('courseOf', () => {
  it('says when each instance acknowledged, those that have not first', () => {
    const view = rotation([staged, gate(200, ['a', 'b'], ['c']), gate(900, ['b'], ['a'])])
    expect(courseOf(view, instances)).toEqual([
      { instance: 'b', acknowledged: false, after: null, why: 'b is behind' },
      { instance: 'a', acknowledged: true, after: 900, why: null },
      { instance: 'c', acknowledged: true, after: 200, why: null },
    ])
    expect(progressOf(view)).toEqual({ acknowledged: 2, count: 3 })
  })

  it('begins anew with the confirmation', () => {
    const confirming = { ...gate(1500, ['c'], ['a', 'b']), type: 'confirming' }
    const view = rotation([
      staged,
      gate(200, [], ['a', 'b', 'c']),
      { type: 'activated', at: at(1000) },
      confirming,
    ])
    expect(courseOf(view, instances).map(({ instance, after }) => [instance, after])).toEqual([
      ['c', null],
      ['a', 1500],
      ['b', 1500],
    ])
  })

  it('takes an instance that the hub no longer names by how it stands', () => {
    const crowd = instances.map(each => ({ ...each, standing: 'acknowledged' as const }))
    const view = rotation([staged, gate(200, [], ['a'])])
    expect(courseOf(view, crowd).map(({ acknowledged, after }) => [acknowledged, after])).toEqual([
      [true, 200],
      [true, null],
      [true, null],
    ])
  })

  it('tells of one that is done how it was then, whatever the instances do now', () => {
    const now = ['a', 'b', 'c', 'd'].map(instance => ({
      instance,
      standing: instance === 'd' ? 'acknowledged' : 'lost',
      startedAt: at(instance === 'd' ? 90_000 : -90_000),
    })) as InstanceView[]
    const view = rotation([staged, gate(200, [], ['a', 'b'])], { state: 'done', endedAt: at(1000) })
    expect(courseOf(view, now).map(({ instance, acknowledged }) => [instance, acknowledged])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ])
  })

  it('does not wait for an instance that has stopped, and knows nothing before the first count', () => {
    const gone = instances.map((each, index) =>
      index === 0 ? { ...each, standing: 'fenced' as const } : each,
    )
    expect(courseOf(rotation([staged]), gone)).toEqual([
      { instance: 'b', acknowledged: false, after: null, why: null },
      { instance: 'c', acknowledged: false, after: null, why: null },
    ])
  })
})

describe('phasesOf', () => {
  it('names what is done, what is now, and what is to come', () => {
    const states = (view: RotationView) => phasesOf(view).map(({ name, state }) => `${name} ${state}`)
    expect(states(rotation([]))).toEqual(['stage current', 'gate open', 'activate open', 'confirm open'])
    expect(states(rotation([staged, gate(200, ['a'], ['b', 'c'])]))).toEqual([
      'stage done',
      'gate current',
      'activate open',
      'confirm open',
    ])
    const activated = { type: 'activated', at: at(1000) }
    expect(states(rotation([staged, gate(200, [], ['a', 'b', 'c']), activated]))).toEqual([
      'stage done',
      'gate done',
      'activate done',
      'confirm current',
    ])
    expect(
      states(rotation([staged, gate(200, ['a'], ['b', 'c'])], { state: 'failed', endedAt: at(2000) })),
    ).toEqual(['stage done', 'gate failed', 'activate open', 'confirm open'])
  })

  it('has neither stage nor gate in an emergency', () => {
    const view = rotation([{ type: 'activated', at: at(50) }], {
      kind: 'emergency',
      state: 'done',
      endedAt: at(1800),
    })
    expect(phasesOf(view)).toEqual([
      { name: 'activate', state: 'done', after: 50 },
      { name: 'confirm', state: 'done', after: 1800 },
    ])
  })
})
