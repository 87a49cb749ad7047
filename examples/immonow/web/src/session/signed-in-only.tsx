/** SignedInOnly: content for an account. Others wait, or are on their way to the login page. */
import type { ReactElement, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from './session-gate.ts'
import { useSession } from './use-session.ts'

export function SignedInOnly({ children }: { readonly children: (user: User) => ReactNode }): ReactElement {
  const { t } = useTranslation()
  const state = useSession()
  if (state.status === 'signed-in') return <>{children(state.user)}</>
  return (
    <p className="waiting" role="status">
      {t('site.starting')}
    </p>
  )
}
