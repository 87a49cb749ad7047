/** New secrets: length, alphabet, evenness, and the second draw. */
import { describe, expect, it } from 'vitest'
import { keystream } from '../../test/keystream.js'
import { drawSecret, generateSecret } from './generate.ts'

describe('generateSecret', () => {
  it('makes 64 characters of URL-safe base64', () => {
    expect(generateSecret()).toMatch(/^[A-Za-z0-9_-]{64}$/)
  })

  it('makes exactly as many characters as asked for', () => {
    for (let length = 64; length <= 1024; length++) {
      expect(generateSecret({ length })).toMatch(new RegExp(`^[A-Za-z0-9_-]{${length}}$`))
    }
  })

  it('never makes the same secret twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => generateSecret())).size).toBe(1000)
  })

  it('uses every character about equally often, at the last position too', () => {
    for (const length of [64, 65, 66, 67]) {
      const counts = new Map<string, number>()
      const source = keystream(length)
      for (let round = 0; round < 6400; round++) {
        const last = drawSecret(length, source).at(-1) ?? ''
        counts.set(last, (counts.get(last) ?? 0) + 1)
      }
      // 100 expected, standard deviation 10.
      expect(counts.size).toBe(64)
      for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(50)
    }
  })

  it('draws again when a weak pattern or a structure comes up by chance', () => {
    const good = keystream(30)(48)
    const withPattern = Buffer.from(`${good.toString('base64url').slice(0, 58)}SeCrEt`, 'base64url')
    const draws = [withPattern, Buffer.alloc(48), good]
    expect(drawSecret(64, () => draws.shift() ?? good)).toBe(good.toString('base64url'))
    expect(draws).toEqual([])
  })

  it('refuses a length that is not an integer from 64 to 1,024', () => {
    for (const length of [0, -64, 63, 1025, 64.5, NaN, Infinity, '64' as unknown as number]) {
      expect(() => generateSecret({ length })).toThrow(TypeError)
    }
    expect(generateSecret({ length: undefined })).toHaveLength(64)
  })
})
