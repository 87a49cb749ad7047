/** Tests of timeTicks. */
import { describe, expect, it } from 'vitest'
import { timeTicks } from './time-ticks.ts'

const hour = 3_600_000
const at = (...parts: [number, number, number, number?, number?]): number => new Date(...parts).getTime()

describe('timeTicks', () => {
  it('are round, ascending and within the range', () => {
    const [from, to] = [at(2026, 10, 22, 13, 7), at(2026, 10, 22, 14, 16)]
    const ticks = timeTicks(from, to, 10)
    expect(ticks.map(each => new Date(each).getMinutes())).toEqual([10, 20, 30, 40, 50, 0, 10])
    expect(ticks.every(each => each >= from && each <= to)).toBe(true)
  })

  it('are never more than asked for', () => {
    const from = at(2026, 10, 20, 5, 3)
    for (const hours of [1, 3, 6, 24, 48, 55])
      for (const most of [2, 3, 5, 9, 14]) {
        const ticks = timeTicks(from, from + hours * hour, most)
        expect(ticks.length).toBeLessThanOrEqual(most + 1)
        expect(new Set(ticks).size).toBe(ticks.length)
      }
  })

  it('are midnights where the range is long', () => {
    const ticks = timeTicks(at(2026, 10, 20, 5), at(2026, 10, 22, 5), 2)
    expect(ticks.map(each => new Date(each).getHours())).toEqual([0, 0])
  })
})
