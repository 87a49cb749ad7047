/** WhyBehindNote: the answer to "why behind?". Nothing for an instance that is not. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { InstanceView } from '../api/answers.ts'
import { duration } from '../format/moments.ts'
import { useNow } from '../format/use-now.ts'
import { whyBehind, type WhyBehind } from './why-behind.ts'

export interface WhyBehindNoteProps {
  readonly instance: InstanceView
  /** Generation. */
  readonly newest: number
}

export function WhyBehindNote({ instance, newest }: WhyBehindNoteProps): ReactNode {
  const { t } = useTranslation()
  const why = whyBehind(instance, newest, useNow(5_000))
  if (why.case === 'none') return null
  return (
    <div className="rounded-lg border border-warn bg-warn-soft p-3">
      <h3>{t('fleet.why.title')}</h3>
      <p className="wrap-anywhere">{t(`fleet.why.${why.case}`, valuesOf(why))}</p>
    </div>
  )
}

function valuesOf(why: Exclude<WhyBehind, { case: 'none' }>): Record<string, string | number> {
  switch (why.case) {
    case 'silent':
    case 'fenced':
      return { time: duration(why.seconds, 'long') }
    case 'refused':
      return { code: why.code }
    case 'clockAhead':
    case 'clockBehind':
      return { seconds: why.seconds }
    case 'generation':
    case 'proof':
      return { held: why.held, newest: why.newest }
    case 'dead':
      return {}
  }
}
