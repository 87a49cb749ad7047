import { describe, expect, it } from 'vitest'
import { parseMetrics, SigningKey } from './ring-metrics.ts'

const sample = (signed: Readonly<Record<string, number>>): ReturnType<typeof parseMetrics> => ({
  generation: 1,
  signed: new Map(Object.entries(signed)),
})

describe('parseMetrics', () => {
  it('reads the generation and the tokens signed by key', () => {
    const text = `# HELP keyturn_ring_generation Generation
keyturn_tokens_verified_total{kid="aaa"} 9
keyturn_tokens_signed_total{kid="aaa"} 3
keyturn_tokens_signed_total{kid="b-_"} 12
keyturn_ring_generation 7
`
    expect(parseMetrics(text)).toEqual({
      generation: 7,
      signed: new Map([
        ['aaa', 3],
        ['b-_', 12],
      ]),
    })
  })
})

describe('SigningKey', () => {
  it('is the key whose count grew, over all backends', () => {
    const key = new SigningKey()
    expect(key.update([sample({ a: 1 }), undefined])).toBe(false)
    expect(key.kid).toBe('a')
    expect(key.update([sample({ a: 1 }), sample({ b: 1 })])).toBe(true)
    expect(key.kid).toBe('b')
    expect(key.update([sample({ a: 1 }), sample({ b: 1 })])).toBe(false)
    expect(key.kid).toBe('b')
  })

  it('is the new one in the second of a change, in which both have grown', () => {
    const key = new SigningKey()
    key.update([sample({ a: 5 })])
    expect(key.update([sample({ a: 6, b: 1 })])).toBe(true)
    expect(key.kid).toBe('b')
  })
})
