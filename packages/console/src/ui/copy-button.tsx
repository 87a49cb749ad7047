/** CopyButton: puts a text on the clipboard and says so. */
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'

export interface CopyButtonProps {
  readonly text: string
  /** What is copied, for those who do not see what the button stands beside. */
  readonly label: string
}

export function CopyButton({ text, label }: CopyButtonProps): ReactNode {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 4_000)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <>
      <button
        type="button"
        className="button min-h-8 shrink-0 py-0.5"
        aria-label={`${t('app.copy')}: ${label}`}
        onClick={() => void copy(text).then(setCopied)}
      >
        {isCopied ? t('app.copied') : t('app.copy')}
      </button>
      <span role="status" className="sr-only">
        {isCopied ? `${t('app.copied')}: ${label}` : ''}
      </span>
    </>
  )
}

/** Without TLS a browser gives pages no clipboard: the text is selected in a field of its own and copied from there. */
async function copy(text: string): Promise<boolean> {
  if (isSecureContext)
    return await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  const field = document.createElement('textarea')
  field.value = text
  // A modal dialog makes everything outside of it inert.
  const place = document.querySelector('dialog[open]') ?? document.body
  place.append(field)
  const before = document.activeElement
  field.select()
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way without TLS
  const isDone = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return isDone
}
