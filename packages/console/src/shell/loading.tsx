/** Loading: shown while a screen or its data come. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'

export function Loading(): ReactNode {
  const { t } = useTranslation()
  return (
    <p role="status" className="p-4 text-quiet">
      {t('app.loading')}
    </p>
  )
}
