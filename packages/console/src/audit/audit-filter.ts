/** filterTrail, optionsOf: which entries of a trail are shown. */
import type { AuditTrail } from '../api/answers.ts'
import { actionKind } from './action-name.ts'

export type Entry = AuditTrail['entries'][number]

export interface AuditFilter {
  readonly action?: string
  readonly actor?: string
  readonly kid?: string
  /** A day, `2026-11-22`, in the reader's time zone, included. */
  readonly from?: string
  /** As `from`, included. */
  readonly to?: string
}

/** The newest first. */
export function filterTrail(entries: readonly Entry[], filter: AuditFilter): readonly Entry[] {
  const { action, actor, kid } = filter
  const from = startOf(filter.from)
  const to = startOf(filter.to, 1)
  return entries
    .filter(entry => {
      const at = Date.parse(entry.at)
      return (
        (action === undefined || actionKind(entry.action) === action) &&
        (actor === undefined || entry.actor === actor) &&
        (kid === undefined || entry.keys.some(([each]) => each === kid)) &&
        (from === undefined || at >= from) &&
        (to === undefined || at < to)
      )
    })
    .toReversed()
}

/** Epoch milliseconds. What is no day filters nothing. */
function startOf(day: string | undefined, daysLater = 0): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? []
  if (date === undefined) return undefined
  return new Date(Number(year), Number(month) - 1, Number(date) + daysLater).getTime()
}

/** What there is to choose from, each once. */
export function optionsOf(
  entries: readonly Entry[],
): Readonly<Record<'action' | 'actor' | 'kid', readonly string[]>> {
  const once = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort()
  return {
    action: once(entries.map(entry => actionKind(entry.action))),
    actor: once(entries.map(entry => entry.actor)),
    // The newest key first.
    kid: [...new Set(entries.toReversed().flatMap(entry => entry.keys.map(([kid]) => kid)))],
  }
}
