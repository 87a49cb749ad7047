/** NotFound: for an address that no screen has. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Screen } from './screen.tsx'

export function NotFound(): ReactNode {
  const { t } = useTranslation()
  return (
    <Screen title={t('app.notFound')}>
      <Link to="/" className="link">
        {t('app.toOverview')}
      </Link>
    </Screen>
  )
}
