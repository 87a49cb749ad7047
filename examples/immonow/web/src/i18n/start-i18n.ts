/** startI18n, and the language in use: texts, the cookie, and the `lang` of the page. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { languageCookie, languageOf, type Language } from './language.ts'
import { textsDe } from './texts-de.ts'
import { textsEn } from './texts-en.ts'

export function startI18n(): void {
  const language = languageOf(document.cookie, navigator.languages)
  document.documentElement.lang = language
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: ['de', 'en'],
    resources: { de: { translation: textsDe }, en: { translation: textsEn } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
}

export function chooseLanguage(language: Language): void {
  document.cookie = languageCookie(language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
