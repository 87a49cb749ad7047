/** RejectionsChart: refused tokens by reason, failed logins and reported sign-outs: what users would notice of a rotation. */
import { scaleLinear } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { count, percent } from '../format/numbers.ts'
import { duration, moment } from '../format/moments.ts'
import { BucketTable } from './bucket-table.tsx'
import { reasons, sum, type Bucket } from './buckets.ts'
import { ChartFigure } from './chart-figure.tsx'
import { useFrame } from './time-frame.tsx'
import { ValueAxis } from './value-axis.tsx'

interface Line {
  readonly id: string
  readonly label: string
  /** CSS colour, and dashes: colour alone says nothing. */
  readonly colour: string
  readonly dashes: string
  readonly value: (bucket: Bucket) => number
}

const looks: readonly (readonly [colour: string, dashes: string])[] = [
  ['var(--color-key-1)', ''],
  ['var(--color-bad)', '6 2'],
  ['var(--color-key-2)', '2 2'],
  ['var(--color-key-4)', '8 3 2 3'],
  ['var(--color-quiet)', '1 3'],
  ['var(--color-key-3)', '10 4'],
  ['var(--color-ink)', '4 4'],
]

/** Pixels. */
const height = 96

export function RejectionsChart({
  title,
  buckets,
}: {
  readonly title: string
  readonly buckets: readonly Bucket[]
}): ReactNode {
  const { t } = useTranslation()
  const { x, step, now } = useFrame()
  const lines: readonly Line[] = [
    ...reasons.map(reason => ({
      id: reason,
      label: `${t('overview.rejected')}: ${t(`overview.byReason.${reason}`)}`,
      value: ({ rejected }: Bucket) => rejected[reason],
    })),
    { id: 'logins', label: t('overview.loginsFailed'), value: ({ loginsFailed }: Bucket) => loginsFailed },
    {
      id: 'unexpected',
      label: t('overview.unexpected'),
      value: ({ unexpectedSignOuts }: Bucket) => unexpectedSignOuts,
    },
  ].map((each, index) => {
    const [colour = '', dashes = ''] = looks[index] ?? []
    return { ...each, colour, dashes }
  })
  const used = lines.filter(({ value }) => buckets.some(bucket => value(bucket) > 0))
  const y = scaleLinear(
    [0, Math.max(3, ...buckets.flatMap(b => used.map(({ value }) => value(b))))],
    [height, 18],
  )
  const total = (value: (bucket: Bucket) => number): number =>
    buckets.reduce((all, bucket) => all + value(bucket), 0)
  const refused = total(({ rejected }) => sum(rejected))
  const verified = total(each => sum(each.verified))
  const failed = total(({ loginsFailed }) => loginsFailed)
  const say = (at: number): string => {
    const bucket = buckets.findLast(each => each.at <= at)
    if (!bucket) return ''
    const parts = used.map(({ label, value }) => `${label} ${count(value(bucket))}`)
    if (parts.length === 0) parts.push(`${t('overview.rejected')} 0`)
    return [moment(bucket.at), ...parts, t('overview.perStep', { step: duration(step / 1000) })].join(' · ')
  }
  return (
    <ChartFigure
      title={title}
      sentence={t('overview.rejectedSentence', {
        share: percent(refused === 0 ? 0 : refused / (refused + verified)),
        failed: count(failed),
        logins: count(failed + total(({ loginsSucceeded }) => loginsSucceeded)),
        reported: count(total(({ unexpectedSignOuts }) => unexpectedSignOuts)),
      })}
      height={height}
      stops={buckets.map(({ at }) => at)}
      say={say}
      table={<BucketTable buckets={buckets} columns={lines} />}
      legend={
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {used.map(({ id, label, colour, dashes }) => (
            <li key={id}>
              <svg width="24" height="10" aria-hidden="true" className="inline-block">
                <line
                  x2="24"
                  y1="5"
                  y2="5"
                  strokeWidth="2.5"
                  strokeDasharray={dashes}
                  style={{ stroke: colour }}
                />
              </svg>{' '}
              {label}
            </li>
          ))}
        </ul>
      }
    >
      <ValueAxis y={y} />
      {used.map(({ id, value, colour, dashes }) => {
        const path = line<Bucket>()
          .x(({ at }) => x(at))
          .y(bucket => y(value(bucket)))
          .curve(curveStepAfter)
        const last = buckets.at(-1)
        const points = last ? [...buckets, { ...last, at: Math.min(last.at + step, now) }] : buckets
        return (
          <path
            key={id}
            d={path([...points]) ?? ''}
            fill="none"
            strokeWidth={2}
            strokeDasharray={dashes}
            style={{ stroke: colour }}
          />
        )
      })}
    </ChartFigure>
  )
}
