/** Patterns, keyHue: how keys are told apart. Solid signs, hatched verifies only, dotted is kept for a rollback. */
import type { ReactNode } from 'react'

const hues = 6

/** CSS colour of the key that came `index`-th. */
export const keyHue = (index: number): string => `var(--color-key-${(index % hues) + 1})`

export interface PatternsProps {
  /** Different for each chart on the page. */
  readonly id: string
  readonly count: number
}

export function Patterns({ id, count }: PatternsProps): ReactNode {
  return (
    <defs>
      {Array.from({ length: Math.min(count, hues) }, (_, index) => (
        <g key={index}>
          <pattern
            id={`${id}-hatched-${index}`}
            width="7"
            height="7"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line y2="7" strokeWidth="6" style={{ stroke: keyHue(index) }} />
          </pattern>
          <pattern id={`${id}-dotted-${index}`} width="7" height="7" patternUnits="userSpaceOnUse">
            <circle cx="2" cy="2" r="1.5" style={{ fill: keyHue(index) }} />
          </pattern>
        </g>
      ))}
    </defs>
  )
}

export const hatched = (id: string, index: number): string => `url(#${id}-hatched-${index % hues})`
export const dotted = (id: string, index: number): string => `url(#${id}-dotted-${index % hues})`
