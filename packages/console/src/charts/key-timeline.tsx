/** KeyTimeline: one lane for each key. Solid signs, hatched verifies only: where both are, is the overlap. */
import { Link } from '@tanstack/react-router'
import { useId, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { paramsOf } from '../api/ring-name.ts'
import { moment } from '../format/moments.ts'
import { Moment } from '../format/moment.tsx'
import { ChartFigure } from './chart-figure.tsx'
import type { KeyLane, Span } from './key-history.ts'
import { dotted, hatched, keyHue, Patterns } from './patterns.tsx'
import { Swatch } from './swatch.tsx'
import { useFrame } from './time-frame.tsx'

export interface KeyTimelineProps {
  readonly ring: string
  readonly lanes: readonly KeyLane[]
  /** Place of each kid in the order of colours. */
  readonly order: ReadonlyMap<string, number>
  readonly sentence: string
}

/** Pixels of a bar; the kid stands above it. */
const barHeight = 16
/** Letters in a lane's name with and without its state. */
const longName = 36

const stateAt = (lane: KeyLane, at: number): Span | undefined =>
  lane.spans.findLast(({ from, to }) => at >= from && at <= to)

export function KeyTimeline({ ring, lanes, order, sentence }: KeyTimelineProps): ReactNode {
  const { t } = useTranslation()
  const id = useId()
  const { x, from, to, now, em, width } = useFrame()
  const laneHeight = barHeight + 1.5 * em
  const hasStates = width > longName * em * 0.5
  const shown = lanes.filter(
    ({ spans, killedAt }) => spans.some(span => span.to >= from) || (killedAt ?? -Infinity) >= from,
  )
  const edges = shown.flatMap(({ spans }) => spans.flatMap(span => [span.from, span.to]))
  const stops = [...new Set([from, now, to, ...edges.filter(at => at > from && at < to)])].sort(
    (a, b) => a - b,
  )
  const say = (at: number): string =>
    [
      moment(at),
      ...shown.flatMap(lane => {
        const span = stateAt(lane, at)
        return span ? [`${lane.kid}: ${t(`app.states.${span.state}`)}`] : []
      }),
    ].join(' · ')
  const fillOf = (state: Span['state'], index: number): string =>
    state === 'active' ? keyHue(index) : state === 'suspended' ? dotted(id, index) : hatched(id, index)
  return (
    <ChartFigure
      title={t('overview.keys')}
      sentence={sentence}
      height={Math.max(1, shown.length) * laneHeight + em}
      stops={stops}
      say={say}
      table={<SpanTable lanes={shown} />}
      legend={
        <>
          <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
            {shown.map(lane => (
              <li key={lane.kid}>
                <Swatch
                  index={order.get(lane.kid) ?? 0}
                  fill={lane.state === 'active' ? 'solid' : 'hatched'}
                />{' '}
                <Link
                  to="/rings/$application/$environment/keys/$kid"
                  params={{ ...paramsOf(ring), kid: lane.kid }}
                  className="kid link"
                >
                  {lane.kid}
                </Link>{' '}
                {t(`app.states.${lane.state}`)}
              </li>
            ))}
          </ul>
          <p className="hint">
            {t('overview.legendSigns')} · {t('overview.legendVerifies')} · {t('overview.legendKept')}
          </p>
        </>
      }
    >
      <Patterns id={id} count={6} />
      {shown.map((lane, row) => {
        const index = order.get(lane.kid) ?? 0
        const top = row * laneHeight + 2.1 * em
        const isDead = lane.state === 'compromised' || lane.state === 'destroyed'
        return (
          <g key={lane.kid}>
            <text x={x(from)} y={top - 5} className="fill-ink text-xs font-semibold">
              {hasStates ? `${lane.kid} · ${t(`app.states.${lane.state}`)}` : lane.kid}
            </text>
            {lane.spans.map(span => {
              const start = x(Math.max(span.from, from))
              const end = x(Math.min(span.to, to))
              if (end <= start) return null
              return (
                <rect
                  key={`${span.state}-${span.from}`}
                  x={start}
                  y={top}
                  width={Math.max(2, end - start)}
                  height={barHeight}
                  rx={3}
                  opacity={isDead ? 0.75 : 1}
                  style={{ fill: fillOf(span.state, index), stroke: keyHue(index) }}
                />
              )
            })}
            {lane.killedAt !== null && lane.killedAt >= from && (
              <text
                x={x(lane.killedAt)}
                y={top + 14}
                textAnchor="middle"
                className="fill-bad text-base font-bold"
              >
                ✖
              </text>
            )}
          </g>
        )
      })}
    </ChartFigure>
  )
}

function SpanTable({ lanes }: { readonly lanes: readonly KeyLane[] }): ReactNode {
  const { t } = useTranslation()
  const { now } = useFrame()
  return (
    <table className="table">
      <thead>
        <tr>
          {(['key', 'state', 'from', 'to'] as const).map(column => (
            <th key={column} scope="col">
              {t(`overview.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lanes.flatMap(({ kid, spans, killedAt }) => [
          ...spans.map(({ state, from, to, isPlanned }) => (
            <tr key={`${kid}-${state}-${from}`}>
              <th scope="row" className="kid">
                {kid}
              </th>
              <td>{t(`app.states.${state}`)}</td>
              <td>{Number.isFinite(from) ? <Moment at={from} form="dated" /> : '–'}</td>
              <td>{isPlanned || to < now ? <Moment at={to} form="dated" /> : t('app.now')}</td>
            </tr>
          )),
          killedAt !== null && (
            <tr key={`${kid}-killed`}>
              <th scope="row" className="kid">
                {kid}
              </th>
              <td>{t('app.states.compromised')}</td>
              <td>
                <Moment at={killedAt} form="dated" />
              </td>
              <td>–</td>
            </tr>
          ),
        ])}
      </tbody>
    </table>
  )
}
