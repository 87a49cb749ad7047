/** Axis: the times below a chart, and the line that says now. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { tick } from '../format/moments.ts'
import { useFrame } from './time-frame.tsx'
import { timeTicks } from './time-ticks.ts'

/** What the text of one tick needs, of the height of letters. */
const tickWidth = 5.25

export function Axis({ height }: { readonly height: number }): ReactNode {
  const { t } = useTranslation()
  const { x, width, em, now, from, to } = useFrame()
  const ticks = timeTicks(from, to, Math.max(2, Math.floor(width / tickWidth / em)))
  const at = x(now)
  return (
    <g aria-hidden="true" className="text-xs">
      {ticks.map(each => {
        const moment = new Date(each)
        const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0
        const where = x(each)
        const isNear = Math.abs(where - at) < 2.2 * em || where < 1.2 * em || where > width - 1.2 * em
        return (
          <g key={each}>
            <line x1={where} x2={where} y1={0} y2={height} className="stroke-line" />
            {!isNear && (
              <text x={where} y={height + em} textAnchor="middle" className="fill-quiet">
                {tick(each, isMidnight)}
              </text>
            )}
          </g>
        )
      })}
      <line x1={at} x2={at} y1={0} y2={height + 4} className="stroke-ink" strokeDasharray="3 3" />
      <text x={at} y={height + em} textAnchor="middle" className="fill-ink font-semibold">
        {t('app.now')}
      </text>
      <line x1={0} x2={width} y1={height} y2={height} className="stroke-edge" />
    </g>
  )
}
