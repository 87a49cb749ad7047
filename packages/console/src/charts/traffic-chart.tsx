/** TrafficChart: verified tokens by key, stacked. The old key's share drains to zero. */
import { area, curveStepAfter, stack, stackOrderNone } from 'd3-shape'
import { scaleLinear } from 'd3-scale'
import { useId, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { count } from '../format/numbers.ts'
import { duration, moment } from '../format/moments.ts'
import { BucketTable } from './bucket-table.tsx'
import { sum, type Bucket } from './buckets.ts'
import { ChartFigure } from './chart-figure.tsx'
import { hatched, keyHue, Patterns } from './patterns.tsx'
import { Swatch } from './swatch.tsx'
import { useFrame } from './time-frame.tsx'
import { ValueAxis } from './value-axis.tsx'

export interface TrafficChartProps {
  readonly title: string
  readonly buckets: readonly Bucket[]
  /** The key that signs. */
  readonly activeKid: string
  readonly order: ReadonlyMap<string, number>
}

/** Pixels. */
const height = 120

export function TrafficChart({ title, buckets, activeKid, order }: TrafficChartProps): ReactNode {
  const { t } = useTranslation()
  const id = useId()
  const { x, step, now } = useFrame()
  const kids = [...new Set(buckets.flatMap(({ verified }) => Object.keys(verified)))].sort(
    (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0),
  )
  const top = Math.max(1, ...buckets.map(({ verified }) => sum(verified)))
  const y = scaleLinear([0, top], [height, 18]).nice(3)
  const layers = stack<Bucket, string>()
    .keys(kids)
    .value(({ verified }, kid) => verified[kid] ?? 0)
    .order(stackOrderNone)([...buckets])
  const shape = area<{ readonly at: number; readonly low: number; readonly high: number }>()
    .x(({ at }) => x(at))
    .y0(({ low }) => y(low))
    .y1(({ high }) => y(high))
    .curve(curveStepAfter)
  const bucketAt = (at: number): Bucket | undefined => buckets.findLast(bucket => bucket.at <= at)
  const say = (at: number): string => {
    const bucket = bucketAt(at)
    if (!bucket) return ''
    const parts = kids.map(kid => `${kid} ${count(bucket.verified[kid] ?? 0)}`)
    return [moment(bucket.at), ...parts, t('overview.perStep', { step: duration(step / 1000) })].join(' · ')
  }
  const recent = buckets.filter(({ at }) => at > now - 300_000 - step)
  const total = recent.reduce((all, { verified }) => all + sum(verified), 0)
  const old = total - recent.reduce((all, { verified }) => all + (verified[activeKid] ?? 0), 0)
  return (
    <ChartFigure
      title={title}
      sentence={
        kids.length === 0
          ? t('overview.trafficNone')
          : t('overview.trafficSentence', { total: count(total), old: count(old) })
      }
      height={height}
      stops={buckets.map(({ at }) => at)}
      say={say}
      table={
        <BucketTable
          buckets={buckets}
          columns={kids.map(kid => ({ id: kid, label: kid, value: ({ verified }) => verified[kid] ?? 0 }))}
        />
      }
      legend={
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {kids.map(kid => (
            <li key={kid}>
              <Swatch index={order.get(kid) ?? 0} fill={kid === activeKid ? 'solid' : 'hatched'} />{' '}
              <span className="kid">{kid}</span>
            </li>
          ))}
        </ul>
      }
    >
      <Patterns id={id} count={6} />
      <ValueAxis y={y} />
      {layers.map(layer => {
        const index = order.get(layer.key) ?? 0
        const points = layer.map(([low, high], place) => ({ at: buckets[place]?.at ?? 0, low, high }))
        const last = points.at(-1)
        // The step that is not over ends now.
        const path = shape(last ? [...points, { ...last, at: Math.min(last.at + step, now) }] : points)
        return (
          <path
            key={layer.key}
            d={path ?? ''}
            style={{
              fill: layer.key === activeKid ? keyHue(index) : hatched(id, index),
              stroke: keyHue(index),
            }}
          />
        )
      })}
    </ChartFigure>
  )
}
