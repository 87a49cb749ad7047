/** startI18n, withWords, useTranslation: the words in the reader's language. Another language loads the page again. */
import i18next, { type i18n, type TFunction } from 'i18next'
import { language } from '../format/language.ts'
import type { words as first } from './en/index.ts'
import type { words as later } from './en/screens.ts'

export type Words = typeof first & typeof later

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Words }
    returnNull: false
  }
}

export async function startI18n(): Promise<void> {
  const { words } = language === 'de' ? await import('./de/index.ts') : await import('./en/index.ts')
  await i18next.init({
    lng: language,
    resources: { [language]: { translation: words } },
    // React escapes.
    interpolation: { escapeValue: false },
    returnNull: false,
  })
}

/** A screen that is loaded when it is opened, with its words. */
export async function withWords<Module>(screen: Promise<Module>): Promise<Module> {
  const [module, { words }] = await Promise.all([
    screen,
    language === 'de' ? import('./de/screens.ts') : import('./en/screens.ts'),
  ])
  i18next.addResourceBundle(language, 'translation', words, true)
  return module
}

/** The binding to React would be larger than all the words: while a page is open its language does not change. */
export const useTranslation = (): { readonly t: TFunction; readonly i18n: i18n } => ({
  t: i18next.t,
  i18n: i18next,
})
