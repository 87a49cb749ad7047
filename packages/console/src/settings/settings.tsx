/** Settings: your account; for admins operators, access tokens, and what happened to them. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { sessionQuery } from '../api/queries.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRole } from '../shell/use-ring.ts'
import { AccessTokens } from './access-tokens.tsx'
import { HubEvents } from './hub-events.tsx'
import { Operators } from './operators.tsx'
import { PasswordForm } from './password-form.tsx'

export function Settings(): ReactNode {
  const { t } = useTranslation()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const { may } = useRole()
  const role = t(`app.role.${session.role}`)
  return (
    <Screen title={t('settings.title')}>
      <section className="card flex flex-col gap-4" aria-labelledby="account">
        <h2 id="account">{t('settings.account')}</h2>
        <p className="wrap-anywhere">{t('settings.accountText', { name: session.name, role })}</p>
        <PasswordForm name={session.name} />
      </section>
      {may('admin') ? (
        <Suspense fallback={<Loading />}>
          <Operators me={session.name} />
          <AccessTokens />
          <HubEvents />
        </Suspense>
      ) : (
        <p className="card">{t('settings.viewerOnly', { mine: role })}</p>
      )}
    </Screen>
  )
}
