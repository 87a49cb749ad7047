/** AddressField: a TextField whose value is in the address, which follows what is typed a moment later. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { TextField, type TextFieldProps } from './text-field.tsx'

export interface AddressFieldProps extends Omit<TextFieldProps, 'value' | 'onChange' | 'onFocus' | 'onBlur'> {
  /** As the address says it. */
  readonly value: string
  readonly onText: (text: string) => void
}

export function AddressField({ value, onText, ...field }: AddressFieldProps): ReactNode {
  const [typed, setTyped] = useState(value)
  const isTyping = useRef(false)
  useEffect(() => {
    // A value of a moment ago would take away what has been typed since, and half of a date.
    if (!isTyping.current) setTyped(value)
  }, [value])
  return (
    <TextField
      {...field}
      value={typed}
      onFocus={() => void (isTyping.current = true)}
      onBlur={() => void (isTyping.current = false)}
      onChange={({ target }) => {
        setTyped(target.value)
        onText(target.value)
      }}
    />
  )
}
