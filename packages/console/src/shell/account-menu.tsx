/** AccountMenu: who is logged in, the language and the theme. A disclosure: it needs no script of a menu. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { remove } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { chooseLanguage, chooseTheme, currentTheme, language, type Theme } from '../format/language.ts'
import { ProblemNote } from '../ui/problem-note.tsx'

const themes = ['system', 'light', 'dark'] as const

export function AccountMenu(): ReactNode {
  const { t } = useTranslation()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [theme, setTheme] = useState<Theme>(currentTheme)
  // Whoever is still logged in must not be shown the login page.
  const [problem, setProblem] = useState<unknown>()
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const shut = (event: Event): void => {
      const { current } = details
      if (!current?.open) return
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return
        current.querySelector('summary')?.focus()
      } else if (current.contains(event.target as Node)) return
      current.open = false
    }
    document.addEventListener('keydown', shut)
    document.addEventListener('pointerdown', shut)
    return () => {
      document.removeEventListener('keydown', shut)
      document.removeEventListener('pointerdown', shut)
    }
  }, [])
  return (
    <details ref={details} className="relative">
      <summary className="button min-h-8 py-1" aria-label={`${t('app.account')}: ${session.name}`}>
        {session.name}
      </summary>
      <div className="card fixed inset-x-4 z-40 mt-2 flex flex-col gap-4 shadow-lg sm:absolute sm:inset-x-auto sm:end-0 sm:w-64">
        <p className="wrap-anywhere">
          <strong>{session.name}</strong>, {t(`app.role.${session.role}`)}
        </p>
        <fieldset>
          <legend className="label">{t('app.language')}</legend>
          <div className="flex gap-2">
            {(['de', 'en'] as const).map(each => (
              <button
                key={each}
                type="button"
                lang={each}
                className="button min-h-8 py-0.5"
                aria-pressed={language === each}
                onClick={() => chooseLanguage(each)}
              >
                {language === each && <span aria-hidden="true">✔</span>}
                {each === 'de' ? 'Deutsch' : 'English'}
              </button>
            ))}
          </div>
        </fieldset>
        <label className="label">
          {t('app.theme')}
          <select
            className="field font-normal"
            value={theme}
            onChange={event => {
              const next = event.target.value as Theme
              chooseTheme(next)
              setTheme(next)
            }}
          >
            {themes.map(each => (
              <option key={each} value={each}>
                {t(`app.themes.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button"
          onClick={() => void remove('/session').then(() => location.assign('/login'), setProblem)}
        >
          {t('app.logout')}
        </button>
        <ProblemNote error={problem} />
      </div>
    </details>
  )
}
