/** language, chooseLanguage, theme, chooseTheme: what the reader has chosen, kept in cookies that the hub's own pages read too. */
export type Language = 'de' | 'en'
export type Theme = 'light' | 'dark' | 'system'

export const language: Language = document.documentElement.lang === 'de' ? 'de' : 'en'

const year = 31_536_000

function keep(name: string, value: string, maxAge = year): void {
  document.cookie = `${name}=${value}; path=/; max-age=${maxAge}; samesite=lax`
}

/** The page is loaded again: everything on it is in one language. */
export function chooseLanguage(next: Language): void {
  keep('keyturn_lang', next)
  location.reload()
}

export const currentTheme = (): Theme =>
  (document.documentElement.dataset['theme'] as Theme | undefined) ?? 'system'

export function chooseTheme(next: Theme): void {
  if (next === 'system') {
    keep('keyturn_theme', '', 0)
    delete document.documentElement.dataset['theme']
    return
  }
  keep('keyturn_theme', next)
  document.documentElement.dataset['theme'] = next
}
