/** AccountMenu: who is logged in, the language and the theme. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { remove } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { chooseLanguage, chooseTheme, currentTheme, language, type Theme } from '../format/language.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

const themes = ['system', 'light', 'dark'] as const

export function AccountMenu(): ReactNode {
  const { t } = useTranslation()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [theme, setTheme] = useState<Theme>(currentTheme)
  // Whoever is still logged in must not be shown the login page.
  const [problem, setProblem] = useState<unknown>()
  return (
    <Disclosure label={session.name} name={`${t('app.account')}: ${session.name}`} side="end">
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
    </Disclosure>
  )
}
