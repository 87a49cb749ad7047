/** RemoveOperator: asks, and ends an operator's account. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { remove } from '../api/call.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'

export interface RemoveOperatorProps {
  readonly name: string
  readonly onDone: (message: string) => void
  readonly onClose: () => void
}

export function RemoveOperator({ name, onDone, onClose }: RemoveOperatorProps): ReactNode {
  const { t } = useTranslation()
  return (
    <ConfirmDialog
      title={t('settings.removeOf', { name })}
      action={t('settings.removeDo', { name })}
      perform={() => remove(`/operators/${encodeURIComponent(name)}`)}
      onDone={() => onDone(t('settings.removeDone', { name }))}
      onClose={onClose}
    >
      <p className="wrap-anywhere">{t('settings.removeText', { name })}</p>
    </ConfirmDialog>
  )
}
