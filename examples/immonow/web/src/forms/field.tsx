/** Field: a control with its label, its hint, and what is wrong with it. */
import type { ReactElement, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldId, type FieldErrorKey } from './wrong-fields.ts'

/** What the control has to carry. */
export interface ControlProps {
  readonly id: string
  readonly name: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly error?: FieldErrorKey | undefined
  readonly isOptional?: boolean
  readonly children: (control: ControlProps) => ReactNode
}

export function Field({ name, label, hint, error, isOptional = false, children }: FieldProps): ReactElement {
  const { t } = useTranslation()
  const id = fieldId(name)
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>
        {label}
        {isOptional && <span className="optional"> ({t('form.optional')})</span>}
      </label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {t(`fieldError.${error}`)}
        </p>
      )}
      {children({
        id,
        name,
        ...(describedBy !== '' && { 'aria-describedby': describedBy }),
        ...(error && { 'aria-invalid': true as const }),
      })}
    </div>
  )
}
