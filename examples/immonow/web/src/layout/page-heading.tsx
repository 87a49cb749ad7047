/** PageHeading: the heading of a page. It names the tab, and takes the focus when the reader came from another page. */
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react'

/** At the first page the browser itself puts the focus at the start. */
let isFirst = true

interface PageHeadingProps {
  readonly title: string
  /** Shown instead of the title. */
  readonly children?: ReactNode
}

export function PageHeading({ title, children }: PageHeadingProps): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  useEffect(() => {
    document.title = `${title} – ImmoNow`
  }, [title])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  )
}
