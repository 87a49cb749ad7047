/** SelectField: a label and one of several. */
import { useId, type ReactNode } from 'react'

export interface SelectFieldProps {
  readonly label: string
  readonly value: string
  /** Value and text. */
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly onChange: (value: string) => void
  readonly hint?: string
}

export function SelectField({ label, value, options, onChange, hint }: SelectFieldProps): ReactNode {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="label">
        {label}
      </label>
      <select
        id={id}
        className="field"
        value={value}
        onChange={event => onChange(event.target.value)}
        {...(hint && { 'aria-describedby': `${id}-hint` })}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  )
}
