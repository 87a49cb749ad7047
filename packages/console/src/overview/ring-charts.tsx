/** RingCharts: keys, traffic and rejections over one time axis. */
import { useQuery } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { activeKey, verifiesAt } from '../api/ring-keys.ts'
import { recentAuditQuery, seriesQuery } from '../api/queries.ts'
import type { RingView, RotationView } from '../api/answers.ts'
import { fillBuckets } from '../charts/buckets.ts'
import { keyHistory } from '../charts/key-history.ts'
import { KeyTimeline } from '../charts/key-timeline.tsx'
import { RejectionsChart } from '../charts/rejections-chart.tsx'
import { TimeFrame, type Mark } from '../charts/time-frame.tsx'
import { TrafficChart } from '../charts/traffic-chart.tsx'
import { moment } from '../format/moments.ts'
import { useNow } from '../format/use-now.ts'

export interface RingChartsProps {
  readonly view: RingView
  /** Minutes. */
  readonly range: number
  readonly rotations: readonly RotationView[]
}

const minute = 60_000
/** Minutes of one bucket, by the range. */
const steps: Readonly<Record<number, number>> = { 15: 1, 60: 1, 360: 5, 1440: 15, 2880: 30 }
/** How much of the axis is still to come. */
const ahead = 0.15

export function RingCharts({ view, range, rotations }: RingChartsProps): ReactNode {
  const { t } = useTranslation()
  const { document } = view
  const { ring } = document
  const step = (steps[range] ?? 1) * minute
  // Renewed often enough for the axis to move, seldom enough for nobody to notice the work.
  const now = useNow(5_000)
  const { data: trail } = useQuery(recentAuditQuery(ring, document.generation))
  const { data: series } = useQuery(seriesQuery(ring, range, step / minute))
  const entries = trail?.entries
  const from = now - range * minute
  const lanes = useMemo(() => keyHistory(document, entries ?? [], now), [document, entries, now])
  const order = useMemo(() => new Map(lanes.map(({ kid }, index) => [kid, index])), [lanes])
  const buckets = fillBuckets(series?.buckets ?? [], { from, to: now, step })
  const marks = useMemo(() => marksOf(rotations), [rotations])
  const active = activeKey(document)
  const sentence = t('overview.keysSentence', {
    kid: active?.kid ?? '',
    since: active?.activatedAt === undefined ? t('app.unknown') : moment(active.activatedAt * 1000),
    count: document.keys.length - 1,
    verifying: document.keys.filter(key => key !== active && verifiesAt(key, now / 1000)).length,
  })
  return (
    <TimeFrame from={from} to={now + range * minute * ahead} now={now} step={step} marks={marks}>
      <KeyTimeline ring={ring} lanes={lanes} order={order} sentence={sentence} />
      <TrafficChart
        title={t('overview.traffic')}
        buckets={buckets}
        activeKid={active?.kid ?? ''}
        order={order}
      />
      <RejectionsChart title={t('overview.rejections')} buckets={buckets} />
    </TimeFrame>
  )
}

/** When each began to sign with another key: an emergency at once, others when they activated. */
const marksOf = (rotations: readonly RotationView[]): readonly Mark[] =>
  rotations.flatMap(({ id, mode, events, startedAt }) => {
    const activated = events.find(({ type }) => type === 'activated')
    if (!activated && mode !== 'emergency') return []
    return [{ id, mode, at: Date.parse(activated?.at ?? startedAt) }]
  })
