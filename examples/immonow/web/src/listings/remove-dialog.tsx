/** RemoveDialog: asks before a listing is deleted. */
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../layout/problem-note.tsx'
import type { Listing } from './listing.ts'

interface RemoveDialogProps {
  readonly listing: Listing
  /** @throws {ApiError} */
  readonly remove: (listing: Listing) => Promise<void>
  readonly close: () => void
}

export function RemoveDialog({ listing, remove, close }: RemoveDialogProps): ReactElement {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    // Modal: the browser keeps the focus inside, and gives it back at the end.
    dialog.current?.showModal()
  }, [])

  const confirm = async (): Promise<void> => {
    if (isBusy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await remove(listing)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} aria-labelledby="remove-heading" aria-describedby="remove-text" onClose={close}>
      <h2 id="remove-heading">{t('mine.removeHeading')}</h2>
      <p id="remove-text">{t('mine.removeText', { title: listing.title })}</p>
      {problem !== undefined && <ProblemNote error={problem} />}
      <p className="owner-actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {t('mine.keep')}
        </button>
        <button
          type="button"
          className="button button-danger"
          aria-disabled={isBusy}
          onClick={() => void confirm()}
        >
          {t('mine.removeNow')}
        </button>
      </p>
    </dialog>
  )
}
