/** Check: a check box with its label and a hint. */
import { useId, type ReactNode } from 'react'

export interface CheckProps {
  readonly label: string
  readonly hint?: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

export function Check({ label, hint, checked, onChange }: CheckProps): ReactNode {
  const id = useId()
  return (
    <div>
      <label className="flex min-h-8 items-start gap-2 font-medium">
        <input
          type="checkbox"
          className="mt-1 size-5 shrink-0 accent-accent"
          checked={checked}
          aria-describedby={hint === undefined ? undefined : id}
          onChange={event => onChange(event.target.checked)}
        />
        <span className="min-w-0 wrap-anywhere">{label}</span>
      </label>
      {hint !== undefined && (
        <p id={id} className="hint ms-7">
          {hint}
        </p>
      )}
    </div>
  )
}
