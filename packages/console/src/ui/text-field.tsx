/** TextField: a label, an input, what it is for, and what is wrong with it. */
import { useId, type InputHTMLAttributes, type ReactNode } from 'react'

export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
}

export function TextField({ label, hint, error, ...input }: TextFieldProps): ReactNode {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="label">
        {label}
      </label>
      <input
        {...input}
        id={id}
        className="field"
        aria-invalid={error !== undefined}
        {...(described && { 'aria-describedby': described })}
      />
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="font-medium text-bad">
          <span aria-hidden="true">✖ </span>
          {error}
        </p>
      )}
    </div>
  )
}
