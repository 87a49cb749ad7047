import { describe, expect, it } from 'vitest'
import type { FleetView } from '../http/api-types.ts'
import type { RotationView, ViewEvent } from '../rotations/rotation-view.ts'
import { courseOf } from './course.ts'

const start = Date.parse('2026-11-23T10:00:00.000Z')
const after = (seconds: number): string => new Date(start + seconds * 1000).toISOString()
const maxStale = 3_600

const activated: ViewEvent = { n: 1, at: after(0.2), type: 'activated', generation: 2 }
const look = (
  n: number,
  seconds: number,
  confirmed: string[],
  all: number,
  missing: string[],
): ViewEvent => ({
  n,
  at: after(seconds),
  type: 'confirming',
  acknowledged: all,
  counting: all + missing.length,
  confirmed,
  missing: missing.map(instance => ({ instance, why: 'of the test' })),
})

const emergency = (events: readonly ViewEvent[], more: Partial<RotationView> = {}): RotationView => ({
  id: 'one',
  ring: 'immonow/production',
  group: null,
  kind: 'emergency',
  mode: 'emergency',
  state: 'running',
  phase: 'confirm',
  reason: 'test',
  cause: 'compromised',
  actor: 'anna',
  startedAt: after(0),
  endedAt: null,
  replica: 'one',
  kid: 'fresh',
  generation: 2,
  events,
  outcome: null,
  problem: null,
  wait: {},
  ...more,
})

const outcome = (acknowledged: number, unconfirmed: readonly string[] = []) => ({
  state: 'done' as const,
  endedAt: after(30),
  outcome: {
    generation: 2,
    kid: 'fresh',
    cutoff: 2,
    acknowledged,
    unconfirmed: unconfirmed.map(instance => ({ instance, why: 'of the test', stopsBy: after(maxStale) })),
  },
})

const fleet = (standings: Readonly<Record<string, string>> = {}): FleetView =>
  ({
    instances: Object.entries(standings).map(([instance, standing]) => ({ instance, standing })),
  }) as unknown as FleetView

const courseAt = (view: RotationView, seconds: number, standings = {}) =>
  courseOf(view, fleet(standings), start + seconds * 1000, maxStale)

describe('courseOf', () => {
  it('runs a stopwatch, and names each instance when it confirms', () => {
    const begun = courseAt(emergency([activated]), 0.5)
    expect(begun).toMatchObject({ state: 'running', seconds: 0.5, confirmed: 0, counting: 0, instances: [] })
    const events = [activated, look(2, 0.3, ['a'], 1, ['b', 'c']), look(3, 1.8, ['b'], 2, ['c'])]
    const course = courseAt(emergency(events), 2.5, { a: 'acknowledged', b: 'acknowledged', c: 'lost' })
    expect(course).toMatchObject({ state: 'running', seconds: 2.5, confirmed: 2, counting: 3, more: 0 })
    expect(course.instances).toEqual([
      { instance: 'a', confirmedAfter: 0.3, stopsBy: null, standing: 'acknowledged' },
      { instance: 'b', confirmedAfter: 1.8, stopsBy: null, standing: 'acknowledged' },
      { instance: 'c', confirmedAfter: null, stopsBy: after(maxStale + 0.2), standing: 'lost' },
    ])
  })

  it('stands still at the last confirmation, however long the end took', () => {
    const events = [activated, look(2, 0.3, ['a'], 1, ['b']), look(3, 1.8, ['b'], 2, [])]
    const course = courseAt(emergency(events, outcome(2)), 900)
    expect(course).toMatchObject({ state: 'everywhere', seconds: 1.8, confirmed: 2, counting: 2 })
  })

  it('says by when those have stopped that never confirmed, though they are not shown any more', () => {
    const events = [activated, look(2, 0.3, ['a'], 1, ['b'])]
    const course = courseAt(emergency(events, outcome(1, ['b'])), 900, { a: 'dead' })
    expect(course).toMatchObject({ state: 'partly', seconds: 0.3, confirmed: 1, counting: 2 })
    expect(course.instances.at(-1)).toEqual({
      instance: 'b',
      confirmedAfter: null,
      stopsBy: after(maxStale),
      standing: null,
    })
  })

  it('counts one that confirmed and fell back as missing', () => {
    const events = [activated, look(2, 0.3, ['a'], 1, []), look(3, 0.4, [], 0, ['a'])]
    const [instance] = courseAt(emergency(events, outcome(0, ['a'])), 60).instances
    expect(instance).toMatchObject({ instance: 'a', confirmedAfter: null })
  })

  it('counts those that no event has named', () => {
    const events = [activated, look(2, 0.3, ['a'], 120, [])]
    expect(courseAt(emergency(events, outcome(120)), 60)).toMatchObject({ confirmed: 120, more: 119 })
  })

  it('counts all that are missing, though an event names 50', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `m${at}`)
    const events = [activated, { ...look(2, 0.3, [], 10, names), counting: 210 }]
    expect(courseAt(emergency(events), 1)).toMatchObject({ state: 'running', confirmed: 10, counting: 210 })
    const all = Array.from({ length: 200 }, (_, at) => `m${at}`)
    expect(courseAt(emergency(events, outcome(10, all)), 60)).toMatchObject({
      state: 'partly',
      counting: 210,
    })
  })

  it('knows of nobody, and of an end that was not seen', () => {
    expect(courseAt(emergency([activated, look(2, 0.3, [], 0, [])], outcome(0)), 60)).toMatchObject({
      state: 'nobody',
      seconds: 0.2,
    })
    expect(courseAt(emergency([activated], { state: 'failed', endedAt: after(9) }), 60).state).toBe('failed')
  })
})
