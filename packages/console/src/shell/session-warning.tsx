/** SessionWarning: two minutes before a session ends by itself, and a way to keep it. WCAG 2.2.1. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
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
  const [idleUntil, expiresAt] = [Date.parse(session.idleUntil), Date.parse(session.expiresAt)]
  const left = Math.min(idleUntil, expiresAt) - now
  const isNear = left < ahead
  const isOver = left <= 0
  // Nothing keeps it longer than this.
  const isLast = expiresAt <= idleUntil
  const ask = (): void => void client.invalidateQueries({ queryKey: ['session'] })
  useEffect(() => {
    const { current } = dialog
    if (isNear && !current?.open) current?.showModal()
    if (!isNear && current?.open) current.close()
  }, [isNear])
  useEffect(() => {
    // Another tab may have kept it, and no clock is exact: the hub says whether it has ended, and then call() goes to the login.
    if (isOver) ask()
  }, [isOver])
  return (
    <dialog
      ref={dialog}
      className="card m-auto max-w-md text-ink backdrop:bg-black/50"
      aria-labelledby="expires"
      aria-describedby="expires-when"
    >
      <h2 id="expires">{t('app.expiresTitle')}</h2>
      <p id="expires-when" className="my-3">
        {t(isLast ? 'app.expiresLast' : 'app.expiresText', {
          time: duration(Math.ceil(left / 1000 / 10) * 10, 'long'),
        })}
      </p>
      <button
        type="button"
        className="button button-primary"
        onClick={() => (isLast ? dialog.current?.close() : ask())}
      >
        {t(isLast ? 'app.goOn' : 'app.stay')}
      </button>
    </dialog>
  )
}
