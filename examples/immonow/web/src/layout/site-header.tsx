/** SiteHeader: name, menu, account and language. */
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { signOut } from '../app/site.ts'
import { languages } from '../i18n/language.ts'
import { chooseLanguage } from '../i18n/start-i18n.ts'
import { useSession } from '../session/use-session.ts'
import { notify } from './notice.ts'

export function SiteHeader(): ReactElement {
  const { t } = useTranslation()
  const state = useSession()
  return (
    <header className="site-header">
      <div className="site-header-inner">
        <Link to="/" className="brand" activeProps={{}} aria-current={undefined}>
          <Logo />
          ImmoNow
        </Link>
        <nav aria-label={t('site.nav')}>
          <ul className="menu">
            <li>
              <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
                {t('site.search')}
              </Link>
            </li>
            <li>
              <Link to="/write">{t('site.write')}</Link>
            </li>
            {state.status === 'signed-in' && (
              <li>
                <Link to="/my-listings">{t('site.mine')}</Link>
              </li>
            )}
          </ul>
        </nav>
        <nav aria-label={t('site.account')} className="account-menu">
          {state.status === 'signed-in' ? <SignedIn name={state.user.name} /> : <GuestLinks />}
          <LanguageSwitch />
        </nav>
      </div>
    </header>
  )
}

function GuestLinks(): ReactElement {
  const { t } = useTranslation()
  return (
    <ul className="menu">
      <li>
        <Link to="/login">{t('site.logIn')}</Link>
      </li>
      <li>
        <Link to="/register">{t('site.register')}</Link>
      </li>
    </ul>
  )
}

function SignedIn({ name }: { readonly name: string }): ReactElement {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [isBusy, setBusy] = useState(false)
  const leave = async (): Promise<void> => {
    setBusy(true)
    try {
      // First away from the page of the account, which would lead to the login page.
      await navigate({ to: '/' })
      await signOut()
      notify('site.loggedOut')
    } catch {
      notify('site.logOutFailed')
      setBusy(false)
    }
  }
  return (
    <>
      <span className="user-name" title={t('site.hello', { name })}>
        <span className="visually-hidden">{t('site.hello', { name: '' })}</span>
        {name}
      </span>
      <button type="button" className="link-button" disabled={isBusy} onClick={() => void leave()}>
        {t('site.logOut')}
      </button>
    </>
  )
}

const languageNames = { de: 'Deutsch', en: 'English' } as const

function LanguageSwitch(): ReactElement {
  const { t, i18n } = useTranslation()
  return (
    <div role="group" aria-label={t('site.language')} className="languages">
      {languages.map(language => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          aria-label={languageNames[language]}
          onClick={() => chooseLanguage(language)}
        >
          {language.toUpperCase()}
        </button>
      ))}
    </div>
  )
}

function Logo(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" className="logo-ground" />
      <path d="M6 16 16 7l10 9h-3v9h-5v-6h-4v6H9v-9z" className="logo-house" />
    </svg>
  )
}
