/** timeTicks: round times of the reader's clock for an axis. Pure. */

const minute = 60_000
const hour = 60 * minute
/** Milliseconds between two ticks, the smallest first. */
const steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map(minutes => minutes * minute)

/**
 * At most `most` ticks from `from` to `to`, epoch milliseconds. They are counted from the local midnight, so that they
 * stay round when the clock changes.
 */
export function timeTicks(from: number, to: number, most: number): readonly number[] {
  const step = steps.find(each => (to - from) / each <= most) ?? 24 * hour
  const ticks: number[] = []
  const day = new Date(from)
  day.setHours(0, 0, 0, 0)
  while (day.getTime() <= to) {
    const next = new Date(day)
    next.setDate(next.getDate() + 1)
    for (let minutes = 0; minutes < 1440; minutes += step / minute) {
      const tick = new Date(day)
      tick.setHours(0, minutes)
      const at = tick.getTime()
      // An hour that the clock leaves out would be there twice.
      if (at >= from && at <= to && at < next.getTime() && at > (ticks.at(-1) ?? -Infinity)) ticks.push(at)
    }
    day.setTime(next.getTime())
  }
  return ticks
}
