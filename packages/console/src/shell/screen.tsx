/** Screen: a heading that gets the focus when it is opened, and names the tab. */
import { useEffect, useRef, type ReactNode } from 'react'

export interface ScreenProps {
  readonly title: string
  /** Of the tab. @default the title */
  readonly tab?: string
  /** Beside the heading. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The first screen leaves the focus where the browser puts it. */
let isFirst = true

export function Screen({ title, tab, actions, children }: ScreenProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) heading.current?.focus()
    isFirst = false
  }, [])
  useEffect(() => {
    document.title = tab ?? `${title} · Keyturn`
  }, [title, tab])
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 ref={heading} tabIndex={-1} className="min-w-0 wrap-anywhere">
          {title}
        </h1>
        {actions}
      </div>
      {children}
    </div>
  )
}
