/** Policy: the durations of a ring, whose a secret or a token is, and a new epoch where one is due. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringQuery } from '../api/queries.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRing } from '../shell/use-ring.ts'
import { EpochForm } from './epoch-form.tsx'
import { GraceRule } from './grace-rule.tsx'
import { IdentifyForm } from './identify-form.tsx'
import { ChangeLimits } from './change-limits.tsx'
import { LimitsList } from './limits-list.tsx'

export function Policy(): ReactNode {
  const { t } = useTranslation()
  const { ring } = useRing()
  return (
    <Screen title={t('settings.policyOf', { ring })}>
      <Suspense fallback={<Loading />}>
        <PolicyOf key={ring} ring={ring} />
      </Suspense>
    </Screen>
  )
}

function PolicyOf({ ring }: { readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const { data: view } = useSuspenseQuery(ringQuery(ring))
  const { limits } = view.document
  return (
    <>
      {view.halted !== null && <EpochForm view={view} why={view.halted} />}
      <section className="card flex flex-col gap-4" aria-labelledby="limits">
        <h2 id="limits">{t('settings.limits')}</h2>
        <LimitsList limits={limits} />
        <GraceRule limits={limits} />
      </section>
      <ChangeLimits limits={limits} />
      <IdentifyForm />
    </>
  )
}
