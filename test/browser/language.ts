/** languages: those that every page speaks, and the browser that asks for them. */

export const languages = ['de', 'en'] as const
export type Language = (typeof languages)[number]

export const locales: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' }
