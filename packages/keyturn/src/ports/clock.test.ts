/** The machine's own clock. */
import { expect, it } from 'vitest'
import { systemClock } from './clock.ts'

it('sleeps at least as long as asked, by the monotonic clock', async () => {
  const before = systemClock.monotonic()
  await systemClock.sleep(20)
  // Timers may fire up to a millisecond early.
  expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(19)
})

it('wakes at once when the signal aborts, and does not sleep when it has already', async () => {
  const controller = new AbortController()
  const sleeping = systemClock.sleep(86_400_000, controller.signal)
  controller.abort()
  await sleeping
  await systemClock.sleep(86_400_000, controller.signal)
})

it('tells the wall clock in epoch milliseconds', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(10_000)
})
