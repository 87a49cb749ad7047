/** Form and length of a secret, through checkSecret. */
import { describe, expect, it } from 'vitest'
import { generateSecret } from './generate.ts'
import { checkSecret } from './strength.ts'

const rulesOf = (text: string): string[] => checkSecret(text).findings.map(finding => finding.rule)
const good = generateSecret()

describe('form of a secret', () => {
  it('refuses fewer than 64 characters in the words of the guide', () => {
    const [finding] = checkSecret(good.slice(1)).findings
    expect(finding?.rule).toBe('length')
    expect(finding?.message).toMatch(/^JWT_SECRET_KEY must be at least 64 characters/)
    expect(rulesOf(good)).toEqual([])
  })

  it('names the variable that it was asked about', () => {
    const [finding] = checkSecret('', { variable: 'JWT_SECRET_KEY_NEXT' }).findings
    expect(finding?.message).toMatch(/^JWT_SECRET_KEY_NEXT must be at least 64 characters, it is empty$/)
  })

  it('accepts 1,024 characters and refuses 1,025', () => {
    const longest = generateSecret({ length: 1024 })
    expect(rulesOf(longest)).toEqual([])
    expect(rulesOf(`${longest}x`)).toEqual(['form-length'])
  })

  it('refuses a newline at the end and says how it got there', () => {
    for (const end of ['\n', '\r\n', ' \n ']) {
      const [finding, ...others] = checkSecret(good + end).findings
      expect(finding?.rule).toBe('form-ends')
      expect(finding?.message).toBe('JWT_SECRET_KEY ends with a newline')
      expect(finding?.remedy).toContain('echo')
      expect(others).toEqual([])
    }
  })

  it('refuses white space at either end, a byte order mark included', () => {
    for (const text of [` ${good}`, `${good} `, `\t${good}`, `\uFEFF${good}`, `${good}\u00A0`]) {
      expect(rulesOf(text)).toEqual(['form-ends'])
    }
  })

  it('refuses NUL, control characters and everything outside ASCII', () => {
    expect(checkSecret(`${good}\0`).findings[0]?.message).toBe('JWT_SECRET_KEY contains a NUL character')
    for (const odd of ['\u0000', '\u0007', '\u007F', 'é', '\u200B', '🔑', '\uD800']) {
      expect(rulesOf(`${good}${odd}${good}`)).toEqual(['form-characters'])
    }
  })

  it('counts characters, not UTF-16 units', () => {
    expect(checkSecret('🔑'.repeat(40)).length).toBe(40)
  })
})
