/** RingMenu: the product's name, and which ring is looked at. */
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { RingList } from '../api/answers.ts'

export interface RingMenuProps {
  readonly ring: string | undefined
  readonly rings: RingList['rings']
}

export function RingMenu({ ring, rings }: RingMenuProps): ReactNode {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <Link to="/" className="inline-flex min-h-8 items-center font-bold">
        {t('app.product')}
      </Link>
      {ring !== undefined && (
        <select
          className="field min-h-8 w-auto max-w-full py-0.5 font-medium"
          aria-label={t('app.chooseRing')}
          value={ring}
          onChange={event => {
            const [application = '', environment = ''] = event.target.value.split('/')
            void navigate({ to: '/rings/$application/$environment', params: { application, environment } })
          }}
        >
          {[...new Set([ring, ...rings.map(each => each.ring)])].sort().map(name => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </div>
  )
}
