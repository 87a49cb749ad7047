/** NeedsRole: why a button cannot be used by whoever is logged in. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { Role } from '../api/answers.ts'
import { useRole } from '../shell/use-ring.ts'

export function NeedsRole({ role, id }: { readonly role: Role; readonly id?: string }): ReactNode {
  const { t } = useTranslation()
  const { role: mine, may } = useRole()
  if (may(role)) return null
  return (
    <p id={id} className="hint">
      {t('app.needsRole', { role: t(`app.role.${role}`), mine: t(`app.role.${mine}`) })}
    </p>
  )
}
