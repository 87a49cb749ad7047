import { describe, expect, it } from 'vitest'
import { editDistance, nearest } from './nearest.ts'

describe('editDistance', () => {
  it('counts insertions, deletions, substitutions and swapped neighbours', () => {
    expect(editDistance('', '')).toBe(0)
    expect(editDistance('abc', '')).toBe(3)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('rotate', 'rotat')).toBe(1)
    expect(editDistance('JWT_SERCET_KEY', 'JWT_SECRET_KEY')).toBe(1)
    expect(editDistance('kitten', 'sitting')).toBe(3)
  })
})

describe('nearest', () => {
  it('finds the closest word within two edits', () => {
    expect(nearest('statsu', ['rotate', 'status'])).toBe('status')
    expect(nearest('xyz', ['rotate', 'status'])).toBeUndefined()
  })
})
