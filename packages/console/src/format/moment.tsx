/** Moment: a time, with UTC in its tooltip. */
import type { ReactNode } from 'react'
import { moment, utc, withDate, withSeconds } from './moments.ts'

const forms = { short: moment, seconds: withSeconds, dated: withDate } as const

export interface MomentProps {
  /** Epoch milliseconds, or ISO 8601. */
  readonly at: number | string
  /** @default 'short': with the date only where it is not today's */
  readonly form?: keyof typeof forms
}

export function Moment({ at, form = 'short' }: MomentProps): ReactNode {
  const time = typeof at === 'number' ? at : Date.parse(at)
  if (!Number.isFinite(time)) return '–'
  return (
    <time dateTime={new Date(time).toISOString()} title={utc(time)}>
      {forms[form](time)}
    </time>
  )
}
