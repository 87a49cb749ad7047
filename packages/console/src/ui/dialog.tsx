/** Dialog: a modal of the browser's own. It keeps the focus inside, closes with Escape, and gives the focus back. */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'

export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Open for as long as it is rendered. */
export function Dialog({ title, onClose, children }: DialogProps): ReactNode {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  useEffect(() => {
    const { current } = dialog
    const before = document.activeElement
    current?.showModal()
    heading.current?.focus()
    return () => {
      current?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      className="card m-auto w-full max-w-2xl text-ink backdrop:bg-black/50"
      onCancel={event => {
        // React takes it away; the browser alone would leave the page with a closed dialog.
        event.preventDefault()
        onClose()
      }}
    >
      <div className="mb-3 flex items-start justify-between gap-3">
        <h2 ref={heading} id={id} tabIndex={-1} className="min-w-0 wrap-anywhere outline-none">
          {title}
        </h2>
        <button type="button" className="button min-h-8 shrink-0 px-2 py-0.5" onClick={onClose}>
          <span aria-hidden="true">✕</span>
          <span className="sr-only">{t('app.close')}</span>
        </button>
      </div>
      {children}
    </dialog>
  )
}
