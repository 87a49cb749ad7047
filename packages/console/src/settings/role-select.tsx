/** RoleSelect: one of the three roles, with what it may do. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { Role } from '../api/answers.ts'
import { SelectField } from '../ui/select-field.tsx'

const roles: readonly Role[] = ['viewer', 'operator', 'admin']

export interface RoleSelectProps {
  readonly role: Role
  readonly onChange: (role: Role) => void
}

export function RoleSelect({ role, onChange }: RoleSelectProps): ReactNode {
  const { t } = useTranslation()
  return (
    <SelectField
      label={t('settings.role')}
      hint={`${t(`app.role.${role}`)}: ${t(`settings.roleMeans.${role}`)}`}
      value={role}
      options={roles.map(each => [each, t(`app.role.${each}`)])}
      onChange={value => onChange(value as Role)}
    />
  )
}
