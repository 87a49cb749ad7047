/** The language of the reader: chosen once and kept in a cookie, or what the browser asks for. */

export const languages = ['de', 'en'] as const
export type Language = (typeof languages)[number]

const isLanguage = (text: string | undefined): text is Language => text === 'de' || text === 'en'

/** The value of a cookie in `document.cookie`. */
export const cookieIn = (cookies: string, name: string): string | undefined =>
  cookies
    .split('; ')
    .find(pair => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)

/** @param asked what the browser asks for, the most wanted first */
export function languageOf(cookies: string, asked: readonly string[]): Language {
  const chosen = cookieIn(cookies, 'keyturn_lang')
  if (isLanguage(chosen)) return chosen
  return asked.map(tag => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

/** The cookie that keeps a choice for a year. The hub on the same host reads it too. */
export const languageCookie = (language: Language): string =>
  `keyturn_lang=${language}; Path=/; Max-Age=31536000; SameSite=Lax`
