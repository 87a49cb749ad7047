/** FleetTable: the instances as a table. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ago } from '../format/moments.ts'
import { StandingMark } from '../ui/standing-mark.tsx'
import { ClockOffset } from './clock-offset.tsx'
import type { FleetListProps } from './fleet-grid.tsx'

export function FleetTable({ instances, now }: FleetListProps): ReactNode {
  const { t } = useTranslation()
  return (
    <div className="scroll-x card relative" tabIndex={0} role="region" aria-label={t('fleet.listLabel')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('fleet.instance')}</th>
            <th scope="col">{t('fleet.standing')}</th>
            <th scope="col">{t('fleet.generation')}</th>
            <th scope="col">{t('fleet.seen')}</th>
            <th scope="col">{t('fleet.clock')}</th>
          </tr>
        </thead>
        <tbody>
          {instances.map(each => (
            <tr key={each.instance}>
              <th scope="row" className="pt-2! align-top! text-ink!">
                <Link
                  from="/rings/$application/$environment/fleet"
                  search={before => ({ ...before, instance: each.instance })}
                  resetScroll={false}
                  className="link inline-block min-h-6 min-w-32 wrap-anywhere"
                >
                  {each.instance}
                </Link>
              </th>
              <td>
                <StandingMark standing={each.standing} />
              </td>
              <td>{each.generation}</td>
              <td>{ago(Date.parse(each.seenAt), now)}</td>
              <td>
                <ClockOffset seconds={each.clockOffsetSeconds} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
