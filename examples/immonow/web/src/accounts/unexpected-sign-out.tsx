/** UnexpectedSignOut: tells the operators that a reader did not expect to be signed out. */
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { api } from '../app/site.ts'
import type { EndReason } from '../session/session-gate.ts'

type Course = 'asking' | 'sending' | 'thanked' | 'failed'

export function UnexpectedSignOut({ reason }: { readonly reason: EndReason }): ReactElement {
  const { t } = useTranslation()
  const [course, setCourse] = useState<Course>('asking')
  const thanks = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    // The button that had the focus is gone.
    if (course === 'thanked') thanks.current?.focus()
  }, [course])

  const send = async (): Promise<void> => {
    if (course === 'sending') return
    setCourse('sending')
    try {
      await api({ method: 'POST', path: '/api/auth/unexpected-sign-out', body: { reason } })
      setCourse('thanked')
    } catch (error) {
      // Beyond the limit the others of this address have said it already.
      setCourse(error instanceof ApiError && error.status === 429 ? 'thanked' : 'failed')
    }
  }

  if (course === 'thanked')
    return (
      <p className="aside" ref={thanks} tabIndex={-1} role="status">
        {t('account.unexpectedThanks')}
      </p>
    )
  return (
    <div className="aside">
      <p>{t('account.unexpectedText')}</p>
      <button
        type="button"
        className="button"
        aria-disabled={course === 'sending'}
        onClick={() => void send()}
      >
        {t('account.unexpected')}
      </button>
      <p role="status">{course === 'failed' && t('account.unexpectedFailed')}</p>
    </div>
  )
}
