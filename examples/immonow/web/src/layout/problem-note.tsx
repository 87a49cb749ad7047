/** ProblemNote: something could not be loaded or done, and what the reader can do about it. */
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { useIsGuest } from '../session/use-session.ts'

interface ProblemNoteProps {
  readonly error: unknown
  readonly retry?: () => void
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 503 || error.code === 'ERR_SIGNED_OUT')

export function ProblemNote({ error, retry }: ProblemNoteProps): ReactElement {
  const { t } = useTranslation()
  const unreachable = useIsGuest() ? t('problem.unreachableGuest') : t('problem.unreachable')
  return (
    <div className="note note-problem" role="alert">
      <p>
        <strong>{t('problem.heading')}.</strong> {isUnreachable(error) ? unreachable : t('problem.unknown')}
      </p>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {t('problem.again')}
        </button>
      )}
    </div>
  )
}
