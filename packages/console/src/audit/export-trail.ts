/** jsonLinesOf, csvOf: entries of a trail as files. */
import { canonicalJson } from 'keyturn/ring'
import type { Entry } from './audit-filter.ts'

/** In the form that is hashed, the oldest first: whoever has all of them can verify the chain again. */
export const jsonLinesOf = (newestFirst: readonly Entry[]): string =>
  newestFirst
    .toReversed()
    .map(entry => `${canonicalJson(entry)}\n`)
    .join('')

const columns = [
  'at',
  'epoch',
  'generation',
  'action',
  'mode',
  'actor',
  'reason',
  'cause',
  'keys',
  'cutoff',
  'prev',
] as const

/** RFC 4180, with what a spreadsheet would compute made text. */
export function csvOf(newestFirst: readonly Entry[]): string {
  const rows = newestFirst.toReversed().map(entry =>
    columns.map(name => {
      if (name === 'keys') return entry.keys.map(([kid, from, to]) => `${kid}: ${from} > ${to}`).join('; ')
      return String(entry[name] ?? '')
    }),
  )
  return [columns, ...rows].map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
}

/** A spreadsheet takes a cell that begins like this for a formula; an apostrophe makes it text. */
const formula = /^[=+\-@\t\r]/

export function cellOf(text: string): string {
  const plain = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) || plain !== text ? `"${plain.replaceAll('"', '""')}"` : plain
}
