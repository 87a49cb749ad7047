/** FleetGrid: one tile for each instance. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { InstanceView } from '../api/answers.ts'
import { ago } from '../format/moments.ts'
import { StandingMark } from '../ui/standing-mark.tsx'
import { ClockOffset } from './clock-offset.tsx'
import { isBehind } from './fleet-filter.ts'

export interface FleetListProps {
  readonly instances: readonly InstanceView[]
  /** Epoch milliseconds. */
  readonly now: number
}

export function FleetGrid({ instances, now }: FleetListProps): ReactNode {
  const { t } = useTranslation()
  return (
    <ul
      aria-label={t('fleet.listLabel')}
      className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,13rem),1fr))] gap-3"
    >
      {instances.map(each => (
        <li key={each.instance} className="flex">
          <Link
            from="/rings/$application/$environment/fleet"
            search={before => ({ ...before, instance: each.instance })}
            resetScroll={false}
            className={`card flex w-full flex-col gap-1 hover:bg-raised ${isBehind(each.standing) ? 'border-warn' : ''}`}
          >
            <span className="font-semibold wrap-anywhere underline underline-offset-4">{each.instance}</span>
            <StandingMark standing={each.standing} />
            <span>{t('fleet.generationOf', { generation: each.generation })}</span>
            <span className="hint">
              {t('fleet.seen')}: {ago(Date.parse(each.seenAt), now)}
            </span>
            <span className="hint">
              {t('fleet.clock')}: <ClockOffset seconds={each.clockOffsetSeconds} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
