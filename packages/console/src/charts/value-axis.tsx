/** ValueAxis: two or three horizontal lines with their numbers. */
import type { ScaleLinear } from 'd3-scale'
import type { ReactNode } from 'react'
import { count } from '../format/numbers.ts'
import { useFrame } from './time-frame.tsx'

export function ValueAxis({ y }: { readonly y: ScaleLinear<number, number> }): ReactNode {
  const { width } = useFrame()
  const ticks = y.ticks(3).filter(each => each > 0 && Number.isInteger(each))
  return (
    <g aria-hidden="true" className="text-xs">
      {ticks.map(each => (
        <g key={each}>
          <line x1={0} x2={width} y1={y(each)} y2={y(each)} className="stroke-line" />
          <text x={2} y={y(each)} dy="1.1em" className="fill-quiet">
            {count(each)}
          </text>
        </g>
      ))}
    </g>
  )
}
