/** ChartFigure: a chart with its sentence, its values under the cross-hair, and its table. */
import { useId, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Axis } from './axis.tsx'
import { Marks } from './marks.tsx'
import { useFrame } from './time-frame.tsx'

export interface ChartFigureProps {
  readonly title: string
  /** What the chart shows, said in a sentence made from its data. */
  readonly sentence: ReactNode
  /** Pixels, without the axis. */
  readonly height: number
  /** Times that the arrow keys go to, ascending. */
  readonly stops: readonly number[]
  /** The values at a time, in words. */
  readonly say: (at: number) => string
  readonly legend?: ReactNode
  readonly table: ReactNode
  /** SVG content. */
  readonly children: ReactNode
}

/** Of the height of letters. */
const axisHeight = 1.4

export function ChartFigure(props: ChartFigureProps): ReactNode {
  const { title, sentence, height, stops, say, legend, table, children } = props
  const { t } = useTranslation()
  const { width, x, em, cursor, setCursor, now } = useFrame()
  const [isTable, setTable] = useState(false)
  const id = useId()

  const nearest = (at: number): number | null =>
    stops.reduce<number | null>(
      (best, stop) => (best === null || Math.abs(stop - at) < Math.abs(best - at) ? stop : best),
      null,
    )
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = cursor === null ? stops.length - 1 : stops.indexOf(nearest(cursor) ?? NaN)
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: stops.length - 1 }[event.key]
    if (event.key === 'Escape') setCursor(null)
    if (next === undefined) return
    event.preventDefault()
    setCursor(stops[Math.min(stops.length - 1, Math.max(0, next))] ?? null)
  }
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect()
    setCursor(nearest(x.invert(event.clientX - left)))
  }
  const at = nearest(cursor ?? now)
  const whole = height + axisHeight * em
  return (
    <figure aria-labelledby={`${id}-title`} className="min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id={`${id}-title`} className="text-base">
          {title}
        </h2>
        <button type="button" className="link min-h-6 text-sm" onClick={() => setTable(!isTable)}>
          {t(isTable ? 'app.showChart' : 'app.showTable')}
          <span className="sr-only">: {title}</span>
        </button>
      </div>
      <figcaption className="text-sm text-quiet">{sentence}</figcaption>
      {isTable ? (
        <div className="scroll-x max-h-80 overflow-y-auto" tabIndex={0} role="region" aria-label={title}>
          {table}
        </div>
      ) : (
        <>
          <svg
            width={width}
            height={whole}
            viewBox={`0 0 ${width} ${whole}`}
            // The cross-hair is a slider: that is how arrow keys reach it through a screen reader.
            {...(stops.length > 1
              ? {
                  role: 'slider',
                  tabIndex: 0,
                  'aria-valuemin': 0,
                  'aria-valuemax': stops.length - 1,
                  'aria-valuenow': at === null ? 0 : stops.indexOf(at),
                  'aria-valuetext': at === null ? '' : say(at),
                  'aria-describedby': `${id}-how`,
                }
              : { role: 'img' })}
            aria-labelledby={`${id}-title`}
            className="mt-1 block touch-pan-y"
            onKeyDown={onKeyDown}
            onPointerMove={onPointerMove}
            onPointerLeave={() => setCursor(null)}
          >
            <Axis height={height} />
            {children}
            <Marks height={height} />
            {cursor !== null && (
              <line
                x1={x(cursor)}
                x2={x(cursor)}
                y1={0}
                y2={height}
                className="stroke-ink"
                strokeWidth={1.5}
                pointerEvents="none"
              />
            )}
          </svg>
          <p id={`${id}-how`} className="sr-only">
            {t('overview.chartKeys')}
          </p>
          <p className="min-h-[1.5em] text-sm wrap-anywhere" aria-hidden="true">
            {at === null ? '' : say(at)}
          </p>
          {legend}
        </>
      )}
    </figure>
  )
}
