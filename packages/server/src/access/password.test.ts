import { describe, expect, it } from 'vitest'
import { checkPassword, Passwords } from './password.ts'

const good = 'grau-Lampe-7-Birne'
const refused = expect.objectContaining({ code: 'ERR_AUTH_PASSWORD' })

describe('checkPassword', () => {
  it.each([good, 'twelve-chars', 'vier Worte ohne Ziffer', '正しい馬電池ホチキス青い空飛ぶ'])(
    'accepts %s',
    password => {
      expect(() => checkPassword(password, 'anna')).not.toThrow()
    },
  )

  it.each([
    ['eleven-char', 'short'],
    ['', 'empty'],
    ['aaaaaaaaaaaaaaaa', 'one character'],
    ['abababababababab', 'two characters'],
    ['password1234', 'famous'],
    ['P@ssword2026!', 'famous with a year'],
    ['qwertyuiop1234567890', 'a row of keys'],
    ['anna-ANNA-anna', 'the name'],
    ['Administrator1!', 'famous with a digit'],
    ['changeme-changeme', 'famous twice'],
  ])('refuses %s: %s', password => {
    expect(() => checkPassword(password, 'anna')).toThrow(refused)
  })

  it('counts characters as people do, and bytes as the machine does', () => {
    expect(() => checkPassword('🔑🚪🏠🌳🌊⛰️🔥🌙⭐🌈', 'anna')).toThrow(refused)
    expect(() => checkPassword(`${good}${'x'.repeat(1024)}`, 'anna')).toThrow(refused)
    expect(() => checkPassword(good + 'x'.repeat(1024 - good.length), 'anna')).not.toThrow()
  })

  it('does not repeat the password in its message', () => {
    try {
      checkPassword('hunter2', 'anna')
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain('hunter2')
    }
  })
})

describe('Passwords', () => {
  it("hashes with argon2id at OWASP's cost, each time with another salt", async () => {
    const passwords = new Passwords()
    const one = await passwords.hash(good, 'anna')
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwords.hash(good, 'anna')).not.toBe(one)
    expect(await passwords.verify(one, good)).toBe(true)
    expect(await passwords.verify(one, `${good} `)).toBe(false)
  })

  it('knows a password however the keyboard composes it', async () => {
    const passwords = new Passwords()
    const stored = await passwords.hash('Schlu\u0308sseldienst-7', 'anna')
    expect(await passwords.verify(stored, 'Schl\u00fcsseldienst-7')).toBe(true)
  })

  it('works as hard for nobody', async () => {
    const passwords = new Passwords()
    expect(await passwords.verify(null, good)).toBe(false)
    expect(await passwords.verify(null, '')).toBe(false)
    expect(passwords.computed).toBe(2)
  })

  it('works on four at a time, and on the others after them', async () => {
    const passwords = new Passwords()
    const all = Array.from({ length: 20 }, () => passwords.verify(null, good))
    expect(passwords.computed).toBe(4)
    await Promise.all(all)
    expect(passwords.computed).toBe(20)
    await passwords.verify(null, good)
    expect(passwords.computed).toBe(21)
  })

  it('turns away whom it could only keep waiting, and says when to come back', async () => {
    const passwords = new Passwords()
    const all = Array.from({ length: 44 }, () => passwords.verify(null, good))
    const late = passwords.verify(null, good)
    await expect(late).rejects.toMatchObject({ code: 'ERR_AUTH_LOCKED', retryAfter: 2 })
    await Promise.all(all)
    expect(passwords.computed).toBe(44)
    expect(await passwords.verify(null, good)).toBe(false)
  })
})
