import { describe, expect, it } from 'vitest'
import { languageCookie, languageOf } from './language.ts'
import { textsDe } from './texts-de.ts'
import { textsEn } from './texts-en.ts'

describe('languageOf', () => {
  it('is what the reader chose', () => {
    expect(languageOf('a=b; keyturn_lang=de', ['en-GB'])).toBe('de')
    expect(languageOf(languageCookie('en').split('; Path')[0] ?? '', ['de'])).toBe('en')
  })

  it('is what the browser asks for, or English', () => {
    expect(languageOf('', ['fr', 'de-AT', 'en'])).toBe('de')
    expect(languageOf('keyturn_lang=xx', ['EN-us', 'de'])).toBe('en')
    expect(languageOf('xkeyturn_lang=de', ['fr'])).toBe('en')
    expect(languageOf('', [])).toBe('en')
  })
})

describe('texts', () => {
  type Tree = string | { readonly [key: string]: Tree }
  const flat = (tree: Tree, path = ''): [path: string, text: string][] =>
    typeof tree === 'string'
      ? [[path, tree]]
      : Object.entries(tree).flatMap(([key, each]) => flat(each, `${path}.${key}`))
  const german = new Map(flat(textsDe))

  it('say the same things in both languages, with the same values in them', () => {
    const values = (text = ''): string[] => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort()
    for (const [path, text] of flat(textsEn)) {
      expect(text, path).not.toBe('')
      // "one minute" may be said without its number.
      if (!path.endsWith('_one')) expect(values(text), path).toEqual(values(german.get(path)))
    }
  })
})
