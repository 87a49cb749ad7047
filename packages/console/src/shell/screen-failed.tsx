/** ScreenFailed: in place of a screen that could not be shown. */
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Screen } from './screen.tsx'

export function ScreenFailed({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useTranslation()
  const client = useQueryClient()
  const router = useRouter()
  return (
    <Screen title={t('errors.title')}>
      <ProblemNote error={error} />
      <button
        type="button"
        className="button self-start"
        onClick={() => {
          // What is shown of the frame stays.
          void client.resetQueries({ predicate: ({ state }) => state.data === undefined })
          reset()
          // What failed before the screen, as the session does, is done again.
          void router.invalidate()
        }}
      >
        {t('app.retry')}
      </button>
    </Screen>
  )
}
