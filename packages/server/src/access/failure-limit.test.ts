import { describe, expect, it } from 'vitest'
import { FailureLimit } from './failure-limit.ts'

const minute = 60_000

/** Three failures lock for ten minutes. */
function limit() {
  const clock = { now: 0 }
  const limited = new FailureLimit({
    lockedFor: failures => (failures >= 3 ? 10 * minute : 0),
    window: 10 * minute,
    now: () => clock.now,
  })
  return { clock, attempt: (key: string) => limited.attempt(key) }
}

const locked = (retryAfter: number) => expect.objectContaining({ code: 'ERR_AUTH_LOCKED', retryAfter })

describe('FailureLimit', () => {
  it('lets so many attempts through and refuses the next, also before any of them has ended', () => {
    const { attempt } = limit()
    for (let number = 0; number < 3; number += 1) attempt('a')
    expect(() => attempt('a')).toThrow(locked(600))
    expect(() => attempt('b')).not.toThrow()
  })

  it('takes an attempt back that was right', () => {
    const { attempt } = limit()
    for (let number = 0; number < 50; number += 1) attempt('a')()
    attempt('a')
    attempt('a')
    const third = attempt('a')
    expect(() => attempt('a')).toThrow(locked(600))
    third()
    expect(() => attempt('a')).not.toThrow()
  })

  it('says the seconds that are left, and begins anew after them', () => {
    const { attempt, clock } = limit()
    for (let number = 0; number < 3; number += 1) attempt('a')
    clock.now = 9 * minute + 30_500
    expect(() => attempt('a')).toThrow(locked(30))
    clock.now = 10 * minute
    for (let number = 0; number < 3; number += 1) attempt('a')
    expect(() => attempt('a')).toThrow(locked(600))
  })

  it('forgets failures that lie further back than the window', () => {
    const { attempt, clock } = limit()
    attempt('a')
    attempt('a')
    clock.now = 10 * minute
    attempt('a')
    attempt('a')
    expect(() => attempt('a')).not.toThrow()
  })

  it('remembers no more than ten thousand keys, and those that failed last', () => {
    const { attempt } = limit()
    for (let number = 0; number < 3; number += 1) attempt('first')
    for (let number = 0; number < 3; number += 1) attempt('second')
    for (let number = 0; number < 9_999; number += 1) attempt(`key ${number}`)
    expect(() => attempt('first')).not.toThrow()
    for (let number = 0; number < 3; number += 1) attempt('last')
    expect(() => attempt('last')).toThrow(locked(600))
  })
})
