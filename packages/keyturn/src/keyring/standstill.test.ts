import { expect, it } from 'vitest'
import { VirtualClock } from '../../test/virtual-clock.ts'
import { Standstill } from './standstill.ts'

function made(): { clock: VirtualClock; standstill: Standstill } {
  const clock = new VirtualClock()
  return { clock, standstill: new Standstill(clock, () => 5_000) }
}

it('is none while there are signs of life', () => {
  const { clock, standstill } = made()
  for (let sign = 0; sign < 10; sign += 1) {
    clock.advance(5_000)
    standstill.notice()
  }
  expect(standstill.unread).toBe(0)
})

it('lasts until a read has ended that was sent after it', () => {
  const { clock, standstill } = made()
  const before = clock.monotonic()
  clock.advance(7_000)
  expect(standstill.unread).toBe(7_000)
  standstill.readEnded(before)
  expect(standstill.unread).toBe(7_000)
  const after = clock.monotonic()
  clock.advance(4_000)
  standstill.readEnded(after)
  expect(standstill.unread).toBe(0)
})

it('is noticed by the first sign of life after it', () => {
  const { clock, standstill } = made()
  clock.advance(7_000)
  standstill.notice()
  clock.advance(1)
  standstill.notice()
  expect(standstill.unread).toBe(7_000)
})

it('is not over with a read that it came into the middle of', () => {
  const { clock, standstill } = made()
  clock.advance(9_000)
  standstill.notice()
  const sent = clock.monotonic()
  clock.advance(6_000)
  standstill.readEnded(sent)
  expect(standstill.unread).toBe(9_000)
  standstill.readEnded(clock.monotonic())
  expect(standstill.unread).toBe(0)
})

it('is the sleep of a machine, too, whose monotonic clock stood still', () => {
  const { clock, standstill } = made()
  clock.shiftWall(60_000)
  expect(standstill.unread).toBe(60_000)
})
