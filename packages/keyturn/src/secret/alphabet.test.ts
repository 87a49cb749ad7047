/** The alphabet of a secret, by itself and through checkSecret. */
import { describe, expect, it } from 'vitest'
import { alphabetOf, nominalBits } from './alphabet.ts'
import { generateSecret } from './generate.ts'
import { checkSecret } from './strength.ts'

const good = generateSecret({ length: 80 })

describe('alphabet of a secret', () => {
  it('is the smallest that holds every character', () => {
    expect(alphabetOf('0123abcd')).toBe('hex')
    expect(alphabetOf('0123ABCD')).toBe('hex')
    expect(alphabetOf('0123abCD')).toBe('base64url')
    expect(alphabetOf('a-b_c')).toBe('base64url')
    expect(alphabetOf('a+b/c=')).toBe('base64')
    expect(alphabetOf('a+b-c')).toBe('base64')
    expect(alphabetOf('a b')).toBe('other')
    expect(alphabetOf('abc\n')).toBe('other')
  })

  it('warns of each character of base64 that is not URL-safe, with a remedy', () => {
    for (const character of ['+', '/', '=']) {
      const report = checkSecret(good + character)
      expect(report.ok).toBe(true)
      expect(report.findings).toMatchObject([{ rule: 'alphabet-base64', severity: 'warning' }])
      expect(report.findings[0]?.remedy).toContain('keyturn generate')
    }
  })

  it('refuses them under strict', () => {
    const report = checkSecret(`${good}+`, { strict: true })
    expect(report.ok).toBe(false)
    expect(report.findings).toMatchObject([{ rule: 'alphabet-base64', severity: 'error' }])
  })

  it('refuses every other printable character, white space inside included', () => {
    for (let code = 0x20; code < 0x7f; code++) {
      const character = String.fromCharCode(code)
      if (/[\w\-+/=]/.test(character)) continue
      const report = checkSecret(good + character + good)
      expect(report.findings, `code ${code}`).toMatchObject([{ rule: 'alphabet', severity: 'error' }])
    }
  })

  it('says so when quotation marks became part of the value', () => {
    for (const quote of ['"', "'", '`']) {
      const [finding] = checkSecret(quote + good + quote).findings
      expect(finding?.rule).toBe('alphabet')
      expect(finding?.message).toContain('quotation marks')
    }
  })
})

describe('nominalBits', () => {
  it('multiplies the length by the bits of the alphabet', () => {
    expect(nominalBits(64, 'base64url')).toBe(384)
    expect(nominalBits(64, 'hex')).toBe(256)
    expect(checkSecret(good).bits).toBe(480)
  })
})
