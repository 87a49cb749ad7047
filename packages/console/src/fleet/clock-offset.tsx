/** ClockOffset: how far a clock is off. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { signed } from '../format/numbers.ts'

/** Less than a message takes. */
const unseen = 0.5

export function ClockOffset({ seconds }: { readonly seconds: number }): ReactNode {
  const { t } = useTranslation()
  return Math.abs(seconds) < unseen
    ? t('fleet.clockExact')
    : t('fleet.clockOff', { seconds: signed(seconds) })
}
