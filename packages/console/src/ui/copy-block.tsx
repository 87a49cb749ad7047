/** CopyBlock: lines to be pasted elsewhere, with a button that copies them. */
import { useId, type ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

export interface CopyBlockProps {
  /** What it is: a sentence above. */
  readonly label: string
  readonly text: string
}

export function CopyBlock({ label, text }: CopyBlockProps): ReactNode {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p id={id} className="label min-w-0 wrap-anywhere">
          {label}
        </p>
        <CopyButton text={text} label={label} />
      </div>
      <pre
        tabIndex={0}
        role="group"
        aria-labelledby={id}
        className={`kid overflow-x-auto rounded-lg border border-line bg-raised p-3 ${text.includes('\n') ? 'whitespace-pre' : 'whitespace-pre-wrap'}`}
      >
        <code>{text}</code>
      </pre>
    </div>
  )
}
