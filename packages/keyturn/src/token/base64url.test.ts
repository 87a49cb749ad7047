/** base64url: one text for each value, and nothing else. */
import { describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from './base64url.ts'

describe('base64url', () => {
  it('encodes texts and bytes without padding', () => {
    expect(encodeBase64url('')).toBe('')
    expect(encodeBase64url('é?>')).toBe('w6k_Pg')
    expect(encodeBase64url(Uint8Array.of(0xff, 0xef))).toBe('_-8')
    expect(encodeBase64url(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('AgM')
  })

  it('decodes what it encodes', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 89 + length * 7) % 256)
      expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes)
    }
  })

  it.each([
    ['padding', 'Zg=='],
    ['padding that was meant to be legal', 'Zm8='],
    ['one character left over', 'Zm9vY'],
    ['one character', 'A'],
    ['standard base64 plus', 'a+b_'],
    ['standard base64 slash', 'a/b_'],
    ['a space', 'Zm 9v'],
    ['a leading space', ' Zm9v'],
    ['a newline at the end', 'Zm9v\n'],
    ['NUL', 'Zm9v\0'],
    ['a letter beyond ASCII', 'Zm9é'],
    ['a letter whose low byte is in the alphabet', 'Zm9\u0176'],
    ['a dot', 'Zm.9v'],
    ['percent encoding', 'Zm9v%3D'],
    ['stray bits after one byte', 'Zh'],
    ['stray bits after two bytes', 'Zm9'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })

  it('accepts exactly one last character of those that decode alike', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    expect([...alphabet].filter(last => decodeBase64url('A' + last))).toHaveLength(4)
    expect([...alphabet].filter(last => decodeBase64url('AA' + last))).toHaveLength(16)
    expect([...alphabet].filter(last => decodeBase64url('AAA' + last))).toHaveLength(64)
  })

  it('gives bytes a buffer of their own', () => {
    const bytes = decodeBase64url('Zm9v')
    expect(bytes?.buffer.byteLength).toBe(3)
  })
})
