/** PasswordField: a password that can be shown, pasted, and filled in by a password manager. */
import { useState, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from './field.tsx'
import type { FieldErrorKey } from './wrong-fields.ts'

interface PasswordFieldProps {
  readonly autoComplete: 'current-password' | 'new-password'
  readonly hint?: string
  readonly error?: FieldErrorKey | undefined
}

export function PasswordField({ autoComplete, hint, error }: PasswordFieldProps): ReactElement {
  const { t } = useTranslation()
  const [isShown, setShown] = useState(false)
  return (
    <>
      <Field
        name="password"
        label={t('account.password')}
        error={error}
        {...(hint !== undefined && { hint })}
      >
        {control => (
          <input
            {...control}
            type={isShown ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={256}
            required
          />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={isShown} onChange={event => setShown(event.target.checked)} />
        {t('account.showPassword')}
      </label>
    </>
  )
}
