/** WaitStep: waits until the first instance of a ring is there, and says so. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { fleetQuery } from '../api/queries.ts'
import { isCounting } from '../fleet/is-counting.ts'
import type { InstanceView } from '../api/answers.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { paramsOf } from '../api/ring-name.ts'
import { Step } from './step.tsx'

/** Milliseconds: somebody is looking. */
const poll = 2_000

const isAlive = ({ standing }: InstanceView): boolean => isCounting(standing) && standing !== 'lost'

export function WaitStep({ ring }: { readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const { data, error } = useQuery({ ...fleetQuery(ring), refetchInterval: poll })
  const instances = data?.instances.filter(isAlive) ?? []
  // Some may be there from before that have stopped.
  const first = instances.find(({ standing }) => standing === 'acknowledged') ?? instances[0]
  return (
    <Step number={4} name={t('firstRun.wait')} isDone={first !== undefined}>
      <ProblemNote error={error} />
      <div role="status">
        {first ? (
          <p className="text-lg font-semibold text-good wrap-anywhere">
            <span aria-hidden="true">✔ </span>
            {t('firstRun.connected', {
              instance: first.instance,
              standing: t(`app.standings.${first.standing}`),
            })}{' '}
            {instances.length > 1 && t('firstRun.connectedMore', { count: instances.length - 1 })}
          </p>
        ) : (
          <p className="flex items-center gap-2 text-lg font-semibold">
            <span
              aria-hidden="true"
              className="size-3 shrink-0 rounded-full bg-accent motion-safe:animate-pulse"
            />
            <span className="min-w-0 wrap-anywhere">{t('firstRun.waiting', { ring })}</span>
          </p>
        )}
      </div>
      {first ? (
        <Link
          to="/rings/$application/$environment"
          params={paramsOf(ring)}
          className="button button-primary self-start wrap-anywhere"
        >
          {t('firstRun.toOverview', { ring })}
        </Link>
      ) : (
        <p className="hint">{t('firstRun.waitingHint')}</p>
      )}
    </Step>
  )
}
