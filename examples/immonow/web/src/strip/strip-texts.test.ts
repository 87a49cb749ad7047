import { describe, expect, it } from 'vitest'
import { countdown, stripTexts } from './strip-texts.ts'

describe('countdown', () => {
  it('reads as a clock does', () => {
    expect([-5, 0, 9, 61, 899, 3600, 4445].map(countdown)).toEqual([
      '0:00',
      '0:00',
      '0:09',
      '1:01',
      '14:59',
      '1:00:00',
      '1:14:05',
    ])
  })
})

describe('stripTexts', () => {
  it('names the key and the time', () => {
    expect(stripTexts('de').signedIn('k_1', '1:00', 0)).toMatch(/^Schlüssel k_1 .*\d\d:\d\d:\d\d, in 1:00$/)
    expect(stripTexts('en').signedIn('k_1', '1:00', 0)).toMatch(/^Key k_1 .*\d\d:\d\d:\d\d, in 1:00$/)
  })
})
