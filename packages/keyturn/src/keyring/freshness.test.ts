/** Freshness: the age of the last confirmed read, by whichever clock says it is older. */
import { expect, it } from 'vitest'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { Freshness } from './freshness.ts'

it('counts from the sending of the read, not from its answer', () => {
  const clock = new VirtualClock()
  const freshness = new Freshness(clock)
  const sent = freshness.mark()
  clock.advance(700)
  freshness.confirm(sent)
  expect(freshness.age()).toBe(700)
})

it.each<readonly [string, (clock: VirtualClock) => void, number]>([
  ['both clocks go on', clock => clock.advance(5_000), 5_000],
  ['the machine sleeps and the monotonic clock stands still', clock => clock.shiftWall(90_000), 90_000],
  [
    'the wall clock is set back',
    clock => {
      clock.advance(5_000)
      clock.shiftWall(-60_000)
    },
    5_000,
  ],
])('is the larger difference when %s', (_, pass, age) => {
  const clock = new VirtualClock()
  const freshness = new Freshness(clock)
  pass(clock)
  expect(freshness.age()).toBe(age)
})

it('does not become older again by a read that was sent before', () => {
  const clock = new VirtualClock()
  const freshness = new Freshness(clock)
  const slow = freshness.mark()
  clock.advance(1_000)
  freshness.confirm(freshness.mark())
  freshness.confirm(slow)
  expect(freshness.age()).toBe(0)
})

it('knows whether a read was sent at that time or later', () => {
  const clock = new VirtualClock()
  clock.advance(1_000)
  const freshness = new Freshness(clock)
  expect([999, 1_000, 1_001].map(at => freshness.isConfirmedSince(at))).toEqual([true, true, false])
  expect(freshness.confirmedAt).toBe(clock.now())
})
