/** KeyUse: which instances hold a key, and how many tokens of it were seen lately. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { seriesQuery } from '../api/queries.ts'
import type { RingView, SeriesBucket } from '../api/answers.ts'
import { Moment } from '../format/moment.tsx'
import { count } from '../format/numbers.ts'
import { useRing } from '../shell/use-ring.ts'
import { Fact, Facts } from '../ui/facts.tsx'

/** Minutes: all that the hub keeps, in buckets of an hour. */
const kept = 2_880
const step = 60

/** Instances that are named. */
const mostNames = 50

export function KeyUse({ view, kid }: { readonly view: RingView; readonly kid: string }): ReactNode {
  const { t } = useTranslation()
  const { data } = useQuery(seriesQuery(view.ring, kept, step))
  const buckets = data?.buckets ?? []
  const sum = (of: (bucket: SeriesBucket) => Readonly<Record<string, number>>): number =>
    buckets.reduce((total, bucket) => total + (of(bucket)[kid] ?? 0), 0)
  const last = buckets.findLast(({ verified }) => (verified[kid] ?? 0) > 0)
  return (
    <section className="card flex flex-col gap-3" aria-labelledby="use">
      <h2 id="use">{t('key.traffic')}</h2>
      <Facts>
        <Fact name={t('key.verified')}>{data ? count(sum(({ verified }) => verified)) : '…'}</Fact>
        <Fact name={t('key.signed')}>{data ? count(sum(({ signed }) => signed)) : '…'}</Fact>
        <Fact name={t('key.lastVerified')}>{last ? <Moment at={last.at} /> : t('key.never')}</Fact>
      </Facts>
      <h3>{t('key.instances')}</h3>
      <Holders view={view} kid={kid} />
    </section>
  )
}

function Holders({ view, kid }: { readonly view: RingView; readonly kid: string }): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const holders = view.fleet.instances.filter(({ kids }) => kids.includes(kid))
  if (holders.length === 0) return <p>{t('key.instancesNone')}</p>
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      {holders.slice(0, mostNames).map(({ instance }) => (
        <li key={instance} className="min-w-0">
          <Link
            to="/rings/$application/$environment/fleet"
            params={params}
            search={{ instance }}
            className="link inline-block min-h-6 wrap-anywhere"
          >
            {instance}
          </Link>
        </li>
      ))}
      {holders.length > mostNames && (
        <li>{t('key.instancesMore', { left: count(holders.length - mostNames) })}</li>
      )}
    </ul>
  )
}
