/** GraceRule: why the grace may not be shorter, with this ring's numbers. */
import type { Limits } from 'keyturn/ring'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { duration } from '../format/moments.ts'
import { leastGrace } from './typed-limits.ts'

export function GraceRule({ limits }: { readonly limits: Limits }): ReactNode {
  const { t } = useTranslation()
  const least = leastGrace(limits)
  if (!Number.isFinite(least) || !Number.isFinite(limits.grace)) return null
  const holds = limits.grace >= least
  return (
    <p className={holds ? 'text-good' : 'font-semibold text-bad'}>
      <span aria-hidden="true">{holds ? '✔ ' : '✖ '}</span>
      {t(holds ? 'settings.rule' : 'settings.ruleBroken', {
        grace: duration(limits.grace),
        least: duration(least),
        life: duration(limits.maxTokenLife),
        stale: duration(limits.maxStale),
        tolerance: duration(limits.tolerance),
      })}
    </p>
  )
}
