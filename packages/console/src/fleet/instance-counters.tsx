/** InstanceCounters: what an instance has counted since it started. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { InstanceView } from '../api/answers.ts'
import { count } from '../format/numbers.ts'
import { Fact, Facts } from '../ui/facts.tsx'

export function InstanceCounters({ counters }: { readonly counters: InstanceView['counters'] }): ReactNode {
  const { t } = useTranslation()
  const { loginsSucceeded, loginsFailed, unexpectedSignOuts } = counters
  return (
    <section aria-label={t('fleet.details.counters')} className="flex flex-col gap-2">
      <h3>{t('fleet.details.counters')}</h3>
      <Facts>
        <Fact name={t('fleet.details.verified')}>
          <Counts counts={counters.verified} />
        </Fact>
        <Fact name={t('fleet.details.signed')}>
          <Counts counts={counters.signed} />
        </Fact>
        <Fact name={t('fleet.details.rejected')}>
          <Counts counts={counters.rejected} />
        </Fact>
        <Fact name={t('fleet.details.logins')}>
          {t('fleet.details.loginsText', { succeeded: count(loginsSucceeded), failed: count(loginsFailed) })}
        </Fact>
        <Fact name={t('fleet.details.unexpected')}>{count(unexpectedSignOuts)}</Fact>
      </Facts>
    </section>
  )
}

/** By kid, or by code. */
function Counts({ counts }: { readonly counts: Readonly<Record<string, number>> }): ReactNode {
  const { t } = useTranslation()
  const found = Object.entries(counts).filter(([, each]) => each > 0)
  if (found.length === 0) return t('fleet.details.nothing')
  return (
    <ul>
      {found.map(([name, each]) => (
        <li key={name}>
          <span className="kid">{name}</span>: {count(each)}
        </li>
      ))}
    </ul>
  )
}
