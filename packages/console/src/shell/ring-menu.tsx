/** RingMenu: the product's name, and which ring is looked at. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { RingList } from '../api/answers.ts'
import { paramsOf } from '../api/ring-name.ts'
import { Disclosure } from '../ui/disclosure.tsx'

export interface RingMenuProps {
  readonly ring: string | undefined
  readonly rings: RingList['rings']
}

export function RingMenu({ ring, rings }: RingMenuProps): ReactNode {
  const { t } = useTranslation()
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <Link to="/" className="inline-flex min-h-8 items-center font-bold">
        {t('app.product')}
      </Link>
      {ring !== undefined && (
        // A list of links: a field that leads elsewhere when it is changed takes people by surprise. WCAG 3.2.2.
        <Disclosure label={ring} name={`${t('app.chooseRing')}: ${ring}`} side="start" key={ring}>
          <ul className="flex max-h-96 flex-col gap-1 overflow-y-auto">
            {[...new Set([ring, ...rings.map(each => each.ring)])].sort().map(name => (
              <li key={name}>
                <Link
                  to="/rings/$application/$environment"
                  params={paramsOf(name)}
                  className="link inline-flex min-h-8 items-center wrap-anywhere"
                  {...(name === ring && { 'aria-current': 'true' })}
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  )
}
