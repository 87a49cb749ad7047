/** ReasonDialog: asks for a reason, says what will happen, and does it. */
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './problem-note.tsx'
import { TextField } from './text-field.tsx'

export interface ReasonDialogProps {
  readonly title: string
  /** What it means. */
  readonly children: ReactNode
  /** Verb and object. */
  readonly action: string
  readonly perform: (reason: string) => Promise<unknown>
  readonly onDone: () => void
  readonly onClose: () => void
  /** Something else must be agreed to first. */
  readonly blocked?: boolean
}

export function ReasonDialog(props: ReasonDialogProps): ReactNode {
  const { title, children, action, perform, onDone, onClose, blocked = false } = props
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const work = useMutation({ mutationFn: () => perform(reason.trim()), onSuccess: onDone })
  const error = isTried && reason.trim() === '' ? t('rotate.reasonMissing') : undefined
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setTried(true)
    if (reason.trim() === '')
      event.currentTarget.querySelector<HTMLInputElement>('input[name=reason]')?.focus()
    else if (!blocked && !work.isPending) work.mutate()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="flex flex-col gap-4" noValidate onSubmit={submit}>
        {children}
        <TextField
          label={t('app.reason')}
          hint={t('app.reasonHint')}
          error={error}
          name="reason"
          maxLength={500}
          required
          value={reason}
          onChange={event => setReason(event.target.value)}
        />
        <ProblemNote error={work.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <button type="button" className="button" onClick={onClose}>
            {t('app.cancel')}
          </button>
          <button
            type="submit"
            className="button button-danger-solid"
            aria-disabled={blocked || work.isPending}
          >
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
