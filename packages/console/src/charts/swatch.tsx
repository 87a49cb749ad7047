/** Swatch: a sample of a fill, for legends. */
import { useId, type ReactNode } from 'react'
import { dotted, hatched, keyHue, Patterns } from './patterns.tsx'

export interface SwatchProps {
  readonly index: number
  readonly fill: 'solid' | 'hatched' | 'dotted'
}

export function Swatch({ index, fill }: SwatchProps): ReactNode {
  const id = useId()
  const hue = keyHue(index)
  const paint = { solid: hue, hatched: hatched(id, index), dotted: dotted(id, index) }[fill]
  return (
    <svg width="18" height="12" aria-hidden="true" className="inline-block shrink-0 align-[-1px]">
      <Patterns id={id} count={6} />
      <rect x="0.5" y="0.5" width="17" height="11" rx="2" style={{ fill: paint, stroke: hue }} />
    </svg>
  )
}
