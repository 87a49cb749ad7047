/** Times and durations as a reader writes them. The time zone is always said. */
import { language } from './language.ts'

const locale = language === 'de' ? 'de-DE' : 'en-GB'
const day = 86_400_000

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })
const clockSeconds = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
})
const dated = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
})
const bareClock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const bareDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })

/** Time of day if it is within half a day, else with the date. @param at epoch milliseconds */
export function moment(at: number, now: number = Date.now()): string {
  return Math.abs(at - now) < day / 2 ? clock.format(at) : dated.format(at)
}

export const withSeconds = (at: number): string => clockSeconds.format(at)
export const withDate = (at: number): string => dated.format(at)
/** Without a zone, for an axis that names it once. */
export const tick = (at: number, isDay: boolean): string => (isDay ? bareDay : bareClock).format(at)

/** `2026-11-22 14:05:02 UTC`. */
export const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

const unitText = (value: number, unit: string, unitDisplay: 'long' | 'short'): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(value)

/** The two largest units: `2 days`, `1 hr, 15 min`. @param seconds at least 0 */
export function duration(seconds: number, unitDisplay: 'long' | 'short' = 'short'): string {
  let left = Math.max(0, Math.round(seconds))
  const parts: string[] = []
  for (const [unit, size] of units) {
    const value = Math.floor(left / size)
    left -= value * size
    if (value > 0) parts.push(unitText(value, unit, unitDisplay))
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.join(' ') || unitText(0, 'second', unitDisplay)
}

/** `1.8 s`. @param milliseconds a duration */
export const exactSeconds = (milliseconds: number): string =>
  new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'short',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(milliseconds / 1000)

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

/** `3 minutes ago`. What the clock that is shown has not reached yet is now. */
export function ago(at: number, now: number): string {
  const seconds = Math.min(0, Math.round((at - now) / 1000))
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  return relative.format(0, 'second')
}

/** Of every time that is shown: `Europe/Berlin`. */
export const timeZone = new Intl.DateTimeFormat(locale).resolvedOptions().timeZone
