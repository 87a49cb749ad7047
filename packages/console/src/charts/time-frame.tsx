/** TimeFrame: one time axis and one cross-hair for every chart in it. */
import { scaleLinear, type ScaleLinear } from 'd3-scale'
import { createContext, use, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'

export interface Frame {
  /** Epoch milliseconds. */
  readonly from: number
  readonly to: number
  readonly now: number
  /** Milliseconds of one bucket. */
  readonly step: number
  /** Pixels. */
  readonly width: number
  /** Pixels of the height of letters: readers make them larger. */
  readonly em: number
  /** Of epoch milliseconds. */
  readonly x: ScaleLinear<number, number>
  /** Where the reader looks, epoch milliseconds. */
  readonly cursor: number | null
  readonly setCursor: (at: number | null) => void
  /** Rotations to be marked. */
  readonly marks: readonly Mark[]
}

export interface Mark {
  readonly id: string
  readonly at: number
  readonly mode: 'graceful' | 'hard' | 'rollback' | 'emergency'
}

const Context = createContext<Frame | null>(null)

export function useFrame(): Frame {
  const frame = use(Context)
  if (!frame) throw new Error('a chart stands in a TimeFrame')
  return frame
}

export interface TimeFrameProps {
  readonly from: number
  readonly to: number
  readonly now: number
  readonly step: number
  readonly marks: readonly Mark[]
  readonly children: ReactNode
}

/** Pixels that are kept free at both ends, for the text of ticks. */
const inset = 12

export function TimeFrame({ from, to, now, step, marks, children }: TimeFrameProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const [{ width, em }, setSize] = useState({ width: 0, em: 16 })
  const [cursor, setCursor] = useState<number | null>(null)
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(([entry]) =>
      setSize({
        width: Math.floor(entry?.contentRect.width ?? 0),
        em: parseFloat(getComputedStyle(document.documentElement).fontSize),
      }),
    )
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  const frame = useMemo(
    () => ({
      from,
      to,
      now,
      step,
      width,
      em,
      marks: marks.filter(({ at }) => at >= from && at <= to),
      x: scaleLinear([from, to], [inset, Math.max(inset + 1, width - inset)]),
      cursor,
      setCursor,
    }),
    [from, to, now, step, width, em, cursor, marks],
  )
  return (
    <div ref={box} className="flex min-w-0 flex-col gap-6">
      {width > 0 && <Context value={frame}>{children}</Context>}
    </div>
  )
}
