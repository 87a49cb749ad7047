/** Times and durations of a page, in its language. The hub does not know where the reader is: UTC. */
import type { Language } from './appearance.ts'
import { html, type Html } from './html.ts'

/** @param at ISO 8601, or epoch milliseconds */
export function timeElement(language: Language, at: string | number): Html {
  const date = new Date(at)
  const text = date.toLocaleString(language === 'de' ? 'de' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
  })
  return html`<time datetime="${date.toISOString()}">${text} UTC</time>`
}

/** Rounded up: `1 hour`, `90 minutes`, `45 seconds`. */
export function durationText(language: Language, seconds: number): string {
  const [unit, size] = units.find(([, each]) => seconds >= each && seconds % each === 0) ?? ['second', 1]
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.ceil(seconds / size))
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const
