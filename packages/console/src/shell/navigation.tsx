/** Navigation: the screens of a ring, and those of the hub. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'

const look = {
  className: 'inline-flex min-h-8 items-center rounded px-2 font-medium hover:bg-raised',
  activeProps: { className: 'bg-raised text-accent underline underline-offset-4', 'aria-current': 'page' },
} as const

export function Navigation({ ring }: { readonly ring: string | undefined }): ReactNode {
  const { t } = useTranslation()
  const [application = '', environment = ''] = ring?.split('/') ?? []
  const params = { application, environment }
  return (
    <nav aria-label={t('app.navigation')}>
      <ul className="flex flex-wrap gap-1">
        {ring !== undefined && (
          <>
            <li>
              <Link
                to="/rings/$application/$environment"
                params={params}
                activeOptions={{ exact: true, includeSearch: false }}
                {...look}
              >
                {t('app.overview')}
              </Link>
            </li>
            <li>
              <Link to="/rings/$application/$environment/rotate" params={params} {...look}>
                {t('app.rotate')}
              </Link>
            </li>
            <li>
              <Link to="/rings/$application/$environment/fleet" params={params} {...look}>
                {t('app.fleet')}
              </Link>
            </li>
            <li>
              <Link to="/rings/$application/$environment/audit" params={params} {...look}>
                {t('app.audit')}
              </Link>
            </li>
            <li>
              <Link to="/rings/$application/$environment/settings" params={params} {...look}>
                {t('app.ringSettings')}
              </Link>
            </li>
          </>
        )}
        <li>
          <Link to="/settings" {...look}>
            {t('app.settings')}
          </Link>
        </li>
      </ul>
    </nav>
  )
}
