/** Home: the rings of the hub. With one ring, that ring; with none, how to begin. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { paramsOf } from '../api/ring-name.ts'
import { ringsQuery } from '../api/queries.ts'
import type { RingSummary } from '../api/answers.ts'
import { count } from '../format/numbers.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'

export function Home(): ReactNode {
  return (
    <Suspense fallback={<Loading />}>
      <Rings />
    </Suspense>
  )
}

function Rings(): ReactNode {
  const { t } = useTranslation()
  const { rings } = useSuspenseQuery(ringsQuery).data
  const [first] = rings
  if (!first) return <Navigate to="/first-run" replace />
  if (rings.length === 1)
    return <Navigate to="/rings/$application/$environment" params={paramsOf(first.ring)} replace />
  return (
    <Screen title={t('app.rings')}>
      <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {rings.map(ring => (
          <RingCard key={ring.ring} ring={ring} />
        ))}
      </ul>
    </Screen>
  )
}

function RingCard({ ring }: { readonly ring: RingSummary }): ReactNode {
  const { t } = useTranslation()
  const { ring: name, instances, acknowledged, halted, operation, activeKid, generation } = ring
  const isWell = halted === null && acknowledged === instances
  return (
    <li className="card flex flex-col gap-1">
      <h2 className="wrap-anywhere">
        <Link to="/rings/$application/$environment" params={paramsOf(name)} className="link">
          {name}
        </Link>
      </h2>
      <p className={isWell ? 'text-good' : 'text-warn'}>
        <span aria-hidden="true">{isWell ? '✔ ' : '! '}</span>
        {halted === null
          ? t('overview.fleetSentence', { acknowledged: count(acknowledged), count: instances, generation })
          : t('overview.halted', { why: halted })}
      </p>
      <p className="text-sm text-quiet">
        <span className="kid">{activeKid}</span> {t('overview.signs')}
        {operation !== null && ` · ${t('app.operationRuns')}`}
      </p>
    </li>
  )
}
