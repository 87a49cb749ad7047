/** DoneMessage: says that something has been done. It takes the focus, because what was pressed is often gone. */
import { useEffect, useRef, type ReactNode } from 'react'

/** @param props.text empty while there is nothing to say */
export function DoneMessage({ text }: { readonly text: string }): ReactNode {
  const message = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (text !== '') message.current?.focus()
  }, [text])
  return (
    <p
      ref={message}
      role="status"
      tabIndex={-1}
      className="font-semibold text-good outline-none wrap-anywhere empty:sr-only"
    >
      {text !== '' && `✔ ${text}`}
    </p>
  )
}
