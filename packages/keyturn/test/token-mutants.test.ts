/** Mutants: a token that differs by one character or one bit is another token, and never accepted. `soak/` tries more. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { tryBatch } from './soak/mutant-batch.js'
import { countMutants, mutantOf } from './soak/mutate.js'

describe('mutants', () => {
  it('are refused, all of at least 200,000, also by a verifier that has the tokens in its cache', () => {
    const { tokens, tried, faults } = tryBatch(randomBytes(8).toString('hex'), 0, 12_000)
    expect(faults).toEqual([])
    expect(tokens).toBe(18)
    expect(tried).toBeGreaterThanOrEqual(200_000)
  }, 300_000)

  it('are all different, and none of them is the token', () => {
    const token = 'aab.-_=.\0é'
    const mutants = Array.from({ length: countMutants(token) }, (_, number) => mutantOf(token, number))
    const others = mutants.filter(mutant => mutant !== undefined)
    expect(new Set([...others, token]).size).toBe(others.length + 1)
    expect(others.length).toBeGreaterThan(1_600)
    for (const one of [
      'ab.-_=.\0é',
      'xaab.-_=.\0é',
      'aab.-_=.\0éé',
      'aab.-_=.\0',
      'aaB.-_=.\0é',
      '\u0161ab.-_=.\0é',
    ])
      expect(others).toContain(one)
  })
})
