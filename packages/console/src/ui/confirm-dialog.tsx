/** ConfirmDialog: says what will happen, and does it. */
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './problem-note.tsx'

export interface ConfirmDialogProps {
  readonly title: string
  /** What it means. */
  readonly children: ReactNode
  /** Verb and object. */
  readonly action: string
  readonly perform: () => Promise<unknown>
  readonly onDone: () => void
  readonly onClose: () => void
  /** What cannot be taken back looks so. @default true */
  readonly isSevere?: boolean
}

export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { title, children, action, perform, onDone, onClose, isSevere = true } = props
  const { t } = useTranslation()
  const work = useMutation({ mutationFn: perform, onSuccess: onDone })
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault()
          if (!work.isPending) work.mutate()
        }}
      >
        {children}
        <ProblemNote error={work.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <button type="button" className="button" onClick={onClose}>
            {t('app.cancel')}
          </button>
          <button
            type="submit"
            className={`button ${isSevere ? 'button-danger-solid' : 'button-primary'}`}
            aria-disabled={work.isPending}
          >
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
