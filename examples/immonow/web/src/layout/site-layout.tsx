/** SiteLayout: what every page has around its content. */
import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useSyncExternalStore, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { connection } from '../app/site.ts'
import { SessionGuide } from '../session/session-guide.tsx'
import { useIsGuest } from '../session/use-session.ts'
import { pageChanged, useNotice } from './notice.ts'
import { SiteHeader } from './site-header.tsx'

/** Builds for production hold no code of it. */
const SessionStrip =
  import.meta.env.MODE === 'development' ? lazy(async () => import('../strip/session-strip.tsx')) : undefined

export function SiteLayout(): ReactElement {
  const { t } = useTranslation()
  const main = useRef<HTMLElement>(null)
  return (
    <>
      <SessionGuide />
      <a
        className="skip"
        href="#content"
        onClick={event => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {t('site.skip')}
      </a>
      <SiteHeader />
      <ConnectionNote />
      <main id="content" ref={main} tabIndex={-1}>
        <Notice />
        <Outlet />
      </main>
      <footer className="site-footer">
        <p>{t('site.footer')}</p>
      </footer>
      {SessionStrip && (
        <Suspense>
          <SessionStrip />
        </Suspense>
      )}
    </>
  )
}

/** Quiet: the requests go on by themselves. */
function ConnectionNote(): ReactElement {
  const { t } = useTranslation()
  const isReconnecting = useSyncExternalStore(connection.subscribe, () => connection.isReconnecting)
  const isGuest = useIsGuest()
  return (
    <div role="status" className="connection">
      {isReconnecting && <p>{isGuest ? t('site.reconnectingGuest') : t('site.reconnecting')}</p>}
    </div>
  )
}

function Notice(): ReactElement {
  const { t } = useTranslation()
  const notice = useNotice()
  const { pathname } = useLocation()
  const last = useRef(pathname)
  useEffect(() => {
    if (last.current === pathname) return
    last.current = pathname
    pageChanged()
  }, [pathname])
  return (
    <div role="status" className="notice">
      {notice && <p className="note">{t(notice)}</p>}
    </div>
  )
}
