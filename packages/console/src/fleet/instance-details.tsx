/** InstanceDetails: one instance: what it holds, why it is behind, what it counted, and how to forget it. */
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringPath, ringQuery } from '../api/queries.ts'
import type { FleetView, InstanceView, RingView } from '../api/answers.ts'
import { Moment } from '../format/moment.tsx'
import { ago, duration } from '../format/moments.ts'
import { useNow } from '../format/use-now.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { RoleButton } from '../ui/role-button.tsx'
import { StandingMark } from '../ui/standing-mark.tsx'
import { useRing } from '../shell/use-ring.ts'
import { ClockOffset } from './clock-offset.tsx'
import { InstanceCounters } from './instance-counters.tsx'
import { canForget } from './why-behind.ts'
import { WhyBehindNote } from './why-behind-note.tsx'

export interface InstanceDetailsProps {
  readonly fleet: FleetView
  readonly name: string
  readonly onClose: () => void
  readonly onForgotten: () => void
}

export function InstanceDetails({ fleet, name, onClose, onForgotten }: InstanceDetailsProps): ReactNode {
  const { t } = useTranslation()
  const { ring } = useRing()
  const { data } = useSuspenseQuery(ringQuery(ring))
  const client = useQueryClient()
  const [isForgetting, setForgetting] = useState(false)
  const instance = fleet.instances.find(each => each.instance === name)
  if (!instance)
    return (
      <Dialog title={name} onClose={onClose}>
        <p>{t('fleet.details.gone', { instance: name })}</p>
      </Dialog>
    )
  if (isForgetting)
    return (
      <ReasonDialog
        key="forget"
        title={t('fleet.forget.title', { instance: name })}
        action={t('fleet.forget.action', { instance: name })}
        perform={reason => post(`${ringPath(ring)}/fleet/${encodeURIComponent(name)}/forget`, { reason })}
        onDone={() => {
          void client.invalidateQueries({ queryKey: ['ring', ring] })
          onForgotten()
        }}
        onClose={() => setForgetting(false)}
      >
        <p>{t('fleet.forget.text', { time: duration(data.document.limits.maxStale, 'long') })}</p>
      </ReasonDialog>
    )
  return (
    <Dialog key="details" title={name} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <WhyBehindNote instance={instance} newest={fleet.generation} />
        <InstanceFacts instance={instance} keys={data.document.keys} />
        <InstanceCounters counters={instance.counters} />
        {canForget(instance.standing) ? (
          <RoleButton
            needs="operator"
            className="button button-danger self-start"
            onClick={() => setForgetting(true)}
          >
            {t('fleet.forget.open')}
          </RoleButton>
        ) : (
          <p className="hint">{t('fleet.forget.only')}</p>
        )}
      </div>
    </Dialog>
  )
}

function InstanceFacts({
  instance,
  keys,
}: {
  readonly instance: InstanceView
  readonly keys: RingView['document']['keys']
}): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const now = useNow(5_000)
  const { process } = instance
  return (
    <Facts>
      <Fact name={t('fleet.standing')}>
        <StandingMark standing={instance.standing} />
      </Fact>
      <Fact name={t('fleet.generation')}>{instance.generation}</Fact>
      <Fact name={t('fleet.seen')}>{ago(Date.parse(instance.seenAt), now)}</Fact>
      <Fact name={t('fleet.clock')}>
        <ClockOffset seconds={instance.clockOffsetSeconds} />
      </Fact>
      <Fact name={t('fleet.details.startedAt')}>
        <Moment at={instance.startedAt} />
      </Fact>
      <Fact name={t('fleet.details.host')}>{process.host}</Fact>
      <Fact name={t('fleet.details.pid')}>{process.pid}</Fact>
      <Fact name={t('fleet.details.keys')}>
        {instance.kids.length === 0 && t('app.none')}
        <ul>
          {instance.kids.map(kid => {
            const state = keys.find(key => key.kid === kid)?.state
            return (
              <li key={kid}>
                <Link
                  to="/rings/$application/$environment/keys/$kid"
                  params={{ ...params, kid }}
                  className="link kid inline-block min-h-6"
                >
                  {kid}
                </Link>{' '}
                {t(`app.states.${state ?? 'destroyed'}`)}
              </li>
            )
          })}
        </ul>
      </Fact>
    </Facts>
  )
}
