/** Marks: where in a chart a rotation was. */
import type { ReactNode } from 'react'
import { useFrame, type Mark } from './time-frame.tsx'

/** A shape for each kind: colour alone says nothing. */
const shapes: Readonly<Record<Mark['mode'], string>> = {
  graceful: 'M0,-5 L5,0 L0,5 L-5,0 Z',
  hard: 'M-5,-5 H5 V5 H-5 Z',
  rollback: 'M5,-5 V5 L-5,0 Z',
  emergency: 'M0,-6 L6,5 H-6 Z',
}

export function Marks({ height }: { readonly height: number }): ReactNode {
  const { marks, x } = useFrame()
  return (
    <g aria-hidden="true" pointerEvents="none">
      {marks.map(({ id, at, mode }) => (
        <g
          key={id}
          transform={`translate(${x(at)},0)`}
          className={mode === 'emergency' ? 'text-bad' : 'text-accent'}
        >
          <line y1={8} y2={height} stroke="currentColor" strokeDasharray="2 3" />
          <path d={shapes[mode]} transform="translate(0,7)" fill="currentColor" className="stroke-card" />
        </g>
      ))}
    </g>
  )
}
