/** SessionWarning: two minutes before a session ends by itself, and a way to keep it. WCAG 2.2.1. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { toLogin } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { duration } from '../format/moments.ts'
import { useNow } from '../format/use-now.ts'

/** Milliseconds. */
const ahead = 120_000

export function SessionWarning(): ReactNode {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const now = useNow()
  const dialog = useRef<HTMLDialogElement>(null)
  const left = Math.min(Date.parse(session.idleUntil), Date.parse(session.expiresAt)) - now
  const isNear = left < ahead
  useEffect(() => {
    const { current } = dialog
    if (isNear && !current?.open) current?.showModal()
    if (!isNear && current?.open) current.close()
  }, [isNear])
  useEffect(() => {
    if (left <= 0) toLogin()
  }, [left <= 0])
  return (
    <dialog
      ref={dialog}
      className="card m-auto max-w-md text-ink backdrop:bg-black/50"
      aria-labelledby="expires"
    >
      <h2 id="expires">{t('app.expiresTitle')}</h2>
      <p className="my-3">
        {t('app.expiresText', { time: duration(Math.ceil(left / 1000 / 10) * 10, 'long') })}
      </p>
      <button
        type="button"
        className="button button-primary"
        onClick={() => void client.invalidateQueries({ queryKey: ['session'] })}
      >
        {t('app.stay')}
      </button>
    </dialog>
  )
}
