/** DurationField: a number and its unit. */
import { useId, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { unitSeconds, type Typed, type Unit } from './typed-limits.ts'

export interface DurationFieldProps {
  readonly label: string
  readonly typed: Typed
  readonly error: string | undefined
  readonly disabled: boolean
  readonly onChange: (typed: Typed) => void
}

export function DurationField({ label, typed, error, disabled, onChange }: DurationFieldProps): ReactNode {
  const { t } = useTranslation()
  const id = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="label">{label}</legend>
      <div className="grid grid-cols-2 gap-2">
        <input
          className="field"
          inputMode="numeric"
          autoComplete="off"
          aria-label={t('settings.amount', { of: label })}
          aria-invalid={error !== undefined}
          {...(error && { 'aria-describedby': id })}
          disabled={disabled}
          value={typed.value}
          onChange={event => onChange({ ...typed, value: event.target.value })}
        />
        <select
          className="field"
          aria-label={t('settings.unit', { of: label })}
          disabled={disabled}
          value={typed.unit}
          onChange={event => onChange({ ...typed, unit: event.target.value as Unit })}
        >
          {(Object.keys(unitSeconds) as Unit[]).map(unit => (
            <option key={unit} value={unit}>
              {t(`settings.units.${unit}`)}
            </option>
          ))}
        </select>
      </div>
      {error && (
        <p id={id} className="font-medium text-bad">
          <span aria-hidden="true">✖ </span>
          {error}
        </p>
      )}
    </fieldset>
  )
}
