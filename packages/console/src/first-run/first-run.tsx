/** FirstRun: from nothing to the first instance that signs with a ring's key. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringsQuery } from '../api/queries.ts'
import { Screen } from '../shell/screen.tsx'
import { CommandsStep } from './commands-step.tsx'
import { RingStep } from './ring-step.tsx'
import { TokenStep } from './token-step.tsx'
import { WaitStep } from './wait-step.tsx'

export function FirstRun(): ReactNode {
  const { t } = useTranslation()
  const { ring: named = '' } = useSearch({ from: '/first-run' })
  const { rings } = useSuspenseQuery(ringsQuery).data
  const ring = rings.find(each => each.ring === named)?.ring
  return (
    <Screen title={t('firstRun.title')}>
      <p>{t('firstRun.intro')}</p>
      {named !== '' && !ring && (
        <p className="font-semibold text-warn wrap-anywhere">{t('app.noRing', { ring: named })}</p>
      )}
      <ol className="flex flex-col gap-4">
        <RingStep ring={ring} />
        <TokenStep key={`token ${ring ?? ''}`} ring={ring} />
        {ring !== undefined && <CommandsStep ring={ring} />}
        {ring !== undefined && <WaitStep key={ring} ring={ring} />}
      </ol>
    </Screen>
  )
}
