/** checkSecret as a whole: what it refuses, what it accepts, what it never shows. */
import { describe, expect, it } from 'vitest'
import { keystream } from '../../test/keystream.js'
import { generateSecret } from './generate.ts'
import { checkSecret } from './strength.ts'

/** Well-known weak secrets of 64 characters or more, by how they came about. */
const weak: Record<string, string> = {
  'one letter': 'a'.repeat(64),
  'one digit': '7'.repeat(64),
  zeros: '0'.repeat(128),
  'a word repeated': 'secret'.repeat(11),
  'a placeholder repeated': 'changeme'.repeat(8),
  'the name of the variable': 'JWT_SECRET_KEY'.repeat(5),
  "the guide's placeholder, made longer": 'your-new-64-character-secret-key-here'.repeat(2),
  'the alphabet': 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  'the alphabet backwards': '_-9876543210zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA',
  'hex digits in order': '0123456789abcdef'.repeat(4),
  'digits in order': '0123456789'.repeat(7),
  'a keyboard walk': 'qwertyuiopasdfghjklzxcvbnm'.repeat(3),
  'a keyboard walk with digits': '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p'.repeat(2),
  'a phrase in lower case': 'this-is-a-very-long-phrase-that-nobody-would-ever-guess-is-it-not',
  'a short random part repeated': 'x9Kf2LqZ'.repeat(8),
  'a sentence in base64': Buffer.from('It was a bright cold day in April, clocks struck').toString('base64'),
  'a sentence in base64url': Buffer.from('To be or not to be: that is the question, they say.').toString(
    'base64url',
  ),
  'a sentence in hex': Buffer.from('Call me Ishmael. Some years ago, never mind').toString('hex'),
  'octets that count, in base64': Buffer.from(Array.from({ length: 64 }, (_, at) => at % 16)).toString(
    'base64',
  ),
  'a UUID three times': '6f1c2b9e-3d44-4a0b-9a57-0c8e1d2f3a4b'.repeat(3),
}

describe('checkSecret', () => {
  it('refuses well-known weak secrets of 64 characters and more', () => {
    for (const [name, text] of Object.entries(weak)) {
      expect(text.length, name).toBeGreaterThanOrEqual(64)
      expect(checkSecret(text).ok, name).toBe(false)
    }
  })

  it("refuses every value that the guide's own text shows", () => {
    for (const text of [
      'your-new-64-character-secret-key-here',
      'old-secret-key-here',
      'jwt-secret-change-me',
      'your-jwt-secret-key',
    ]) {
      expect(checkSecret(text).ok).toBe(false)
    }
  })

  it('accepts 1,000 outputs of openssl rand -base64 48, with warnings at most', () => {
    const source = keystream(20)
    for (let round = 0; round < 1000; round++) {
      const report = checkSecret(source(48).toString('base64'))
      expect(report).toMatchObject({ ok: true, length: 64, bits: 384 })
      for (const finding of report.findings) expect(finding.rule).toBe('alphabet-base64')
    }
  })

  it('accepts 1,000 outputs of token_urlsafe(64) without a finding', () => {
    const source = keystream(21)
    for (let round = 0; round < 1000; round++) {
      const report = checkSecret(source(64).toString('base64url'), { strict: true })
      expect(report).toMatchObject({ ok: true, findings: [], length: 86 })
    }
  })

  it('accepts 1,000 outputs of generateSecret without a finding', () => {
    for (let round = 0; round < 1000; round++) {
      const report = checkSecret(generateSecret(), { strict: true })
      expect(report).toEqual({ ok: true, findings: [], length: 64, bits: 384 })
    }
  })

  it('accepts 1,000 random secrets in hex', () => {
    const source = keystream(22)
    for (let round = 0; round < 1000; round++) {
      expect(checkSecret(source(32 + (round % 64)).toString('hex'))).toMatchObject({ ok: true, findings: [] })
    }
  })

  it('names keyturn generate in every remedy and the variable in every message', () => {
    const seen = new Set<string>()
    const texts = [
      ...Object.values(weak),
      '',
      'é'.repeat(1100),
      ' x',
      'x\n',
      '\0',
      '"x"',
      'a b',
      'a+b',
      '{"kty":"oct"}',
    ]
    for (const finding of texts.flatMap(text => checkSecret(text, { variable: 'APP_KEY' }).findings)) {
      expect(finding.remedy).toContain('keyturn generate')
      expect(finding.message).toMatch(/^APP_KEY /)
      seen.add(finding.rule)
    }
    // So that no rule escapes this test.
    expect(seen.size).toBe(14)
  })

  it('says the same of two secrets with the same faults, so it shows no character of either', () => {
    const source = keystream(23)
    const faults = (text: string): string[] => [
      text.slice(0, 20),
      `${text}\n`,
      ` ${text}`,
      `${text}\0`,
      `${text}é`,
      `${text}!`,
      `'${text}'`,
      `${text}+`,
      `${text}PassWord`,
      `-----BEGIN ${text}`,
      text.repeat(20),
      text.repeat(2),
    ]
    const first = faults(generateSecret()).map(text => checkSecret(text).findings)
    for (let round = 0; round < 50; round++) {
      const other = source(48).toString('base64url')
      expect(faults(other).map(text => checkSecret(text).findings)).toEqual(first)
    }
  })

  it('refuses anything but a string', () => {
    for (const value of [undefined, null, 64, Buffer.alloc(64), ['a']]) {
      expect(() => checkSecret(value as unknown as string)).toThrow(TypeError)
    }
  })

  it('copes with hostile input of a 300,000 characters', () => {
    for (const text of [
      'a'.repeat(3e5),
      ' '.repeat(3e5),
      '{'.repeat(3e5),
      '"'.repeat(3e5),
      'é '.repeat(15e4),
    ]) {
      expect(checkSecret(text).ok).toBe(false)
    }
    expect(checkSecret(`a${' '.repeat(3e5)}a`).ok).toBe(false)
    expect(checkSecret(`ssh-${'a'.repeat(3e5)}`).ok).toBe(false)
    expect(checkSecret('ssh-a '.repeat(5e4)).ok).toBe(false)
  })
})
