/** ScreenFailed: in place of a screen that could not be shown. */
import { useQueryClient } from '@tanstack/react-query'
import type { ErrorComponentProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Screen } from './screen.tsx'

export function ScreenFailed({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useTranslation()
  const client = useQueryClient()
  return (
    <Screen title={t('errors.title')}>
      <ProblemNote error={error} />
      <button
        type="button"
        className="button self-start"
        onClick={() => {
          void client.resetQueries()
          reset()
        }}
      >
        {t('app.retry')}
      </button>
    </Screen>
  )
}
