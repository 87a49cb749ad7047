/** RoleDialog: gives an operator another role. */
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { patch } from '../api/call.ts'
import type { NewRole, Operator } from '../api/answers.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { RoleSelect } from './role-select.tsx'

export interface RoleDialogProps {
  readonly operator: Operator
  readonly onDone: (message: string) => void
  readonly onClose: () => void
}

export function RoleDialog({
  operator: { name, role: before },
  onDone,
  onClose,
}: RoleDialogProps): ReactNode {
  const { t } = useTranslation()
  const [role, setRole] = useState(before)
  return (
    <ConfirmDialog
      title={t('settings.changeRoleOf', { name })}
      action={t('settings.changeRoleDo')}
      isSevere={false}
      perform={() => patch(`/operators/${encodeURIComponent(name)}`, { role } satisfies NewRole)}
      onDone={() => onDone(t('settings.roleDone', { name, role: t(`app.role.${role}`) }))}
      onClose={onClose}
    >
      <RoleSelect role={role} onChange={setRole} />
      <p>{t('settings.changeRoleText')}</p>
    </ConfirmDialog>
  )
}
