/** Disclosure: a button that shows and hides something below it. Escape and a click elsewhere hide it. */
import { useEffect, useRef, type ReactNode } from 'react'

export interface DisclosureProps {
  /** On the button. */
  readonly label: ReactNode
  /** What a screen reader says in its place. */
  readonly name: string
  /** Which edge of the button it stands below. */
  readonly side: 'start' | 'end'
  readonly children: ReactNode
}

const sides = { start: 'sm:start-0', end: 'sm:end-0' } as const

export function Disclosure({ label, name, side, children }: DisclosureProps): ReactNode {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const shut = (event: Event): void => {
      const { current } = details
      if (!current?.open) return
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return
        current.querySelector('summary')?.focus()
      } else if (current.contains(event.target as Node)) return
      current.open = false
    }
    document.addEventListener('keydown', shut)
    document.addEventListener('pointerdown', shut)
    return () => {
      document.removeEventListener('keydown', shut)
      document.removeEventListener('pointerdown', shut)
    }
  }, [])
  return (
    <details ref={details} className="relative min-w-0">
      <summary className="button min-h-8 max-w-full py-1 wrap-anywhere" aria-label={name}>
        {label} <span aria-hidden="true">▾</span>
      </summary>
      <div
        className={`card fixed inset-x-4 z-40 mt-2 flex flex-col gap-4 shadow-lg sm:absolute sm:inset-x-auto sm:w-64 ${sides[side]}`}
      >
        {children}
      </div>
    </details>
  )
}
