/** appearanceOf: the language and the theme of a page, as the reader has chosen them. */
import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { de } from './words-de.ts'
import { en, type Words } from './words-en.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

export interface Appearance {
  readonly language: Language
  readonly words: Words
  /** Undefined: as the system has it. */
  readonly theme: 'light' | 'dark' | undefined
}

const dictionaries: Readonly<Record<Language, Words>> = { en, de }
export const wordsIn = (language: Language): Words => dictionaries[language]

const cookies = { language: 'keyturn_lang', theme: 'keyturn_theme' } as const
/** Seconds. */
const year = 365 * 86_400

export const asLanguage = (text: unknown): Language | undefined => languages.find(each => each === text)

export function appearanceOf({
  cookies: sent,
  headers,
}: Pick<FastifyRequest, 'cookies' | 'headers'>): Appearance {
  const language = asLanguage(sent[cookies.language]) ?? preferred(headers['accept-language'])
  const theme = sent[cookies.theme]
  return {
    language,
    words: wordsIn(language),
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
  }
}

/** The console reads it as well. */
export function setLanguage(reply: FastifyReply, language: Language): void {
  void reply.setCookie(cookies.language, language, { path: '/', sameSite: 'lax', maxAge: year })
}

/** RFC 9110 §12.5.4: the first of the best that there are words for. */
function preferred(header = ''): Language {
  const asked = header
    .split(',')
    .slice(0, 20)
    .map(part => {
      const [, tag = '', weight] = /^\s*([\w-]+)\s*(?:;\s*q=([\d.]+))?\s*$/.exec(part) ?? []
      return { tag: tag.split('-')[0]?.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ tag, weight }) => asLanguage(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return asLanguage(asked[0]?.tag) ?? 'en'
}
