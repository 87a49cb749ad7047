/** Shell: the frame of every screen. */
import { useQuery } from '@tanstack/react-query'
import { Outlet, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringsQuery } from '../api/queries.ts'
import { useLive } from '../api/live.ts'
import { AccountMenu } from './account-menu.tsx'
import { ConnectionNote } from './connection-note.tsx'
import { Navigation } from './navigation.tsx'
import { RingMenu } from './ring-menu.tsx'
import { SessionWarning } from './session-warning.tsx'

export function Shell(): ReactNode {
  const { t } = useTranslation()
  const { application, environment } = useParams({ strict: false })
  const { data } = useQuery(ringsQuery)
  const rings = data?.rings ?? []
  const ring =
    application !== undefined && environment !== undefined ? `${application}/${environment}` : undefined
  const connection = useLive(ring)
  return (
    <>
      <a
        href="#content"
        className="button absolute start-2 top-2 z-50 -translate-y-20 focus:translate-y-0"
        onClick={event => {
          event.preventDefault()
          document.getElementById('content')?.focus()
        }}
      >
        {t('app.skip')}
      </a>
      <header className="border-b border-line bg-card">
        <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-2">
          <RingMenu ring={ring} rings={rings} />
          <Navigation ring={ring} />
          <div className="ms-auto flex flex-wrap items-center gap-x-4 gap-y-2">
            {ring !== undefined && <ConnectionNote connection={connection} />}
            <a
              className="button button-danger"
              href={ring === undefined ? '/emergency' : `/emergency?ring=${encodeURIComponent(ring)}`}
            >
              <span aria-hidden="true">⚠</span>
              {t('app.emergency')}
            </a>
            <AccountMenu />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-7xl px-4 py-6 outline-none">
        <Outlet />
      </main>
      <SessionWarning />
    </>
  )
}
