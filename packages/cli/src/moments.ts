/** Moments and durations, for people. Scripts get ISO 8601. */

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
]

/** `48 h`, `15 min`, `2 d`: the two largest units. */
export function duration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds))
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
    if (parts.length === 2) break
  }
  return parts.join(' ') || '0 s'
}

/** ISO 8601 in UTC, from epoch seconds. */
export const iso = (seconds: number | null | undefined): string | null =>
  seconds === null || seconds === undefined ? null : new Date(seconds * 1000).toISOString()

/** `2026-11-22 19:17 UTC`, from epoch seconds. */
export const moment = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** `3 min ago`. */
export const ago = (seconds: number, now: number): string => `${duration(now - seconds)} ago`
