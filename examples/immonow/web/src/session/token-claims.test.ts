import { describe, expect, it } from 'vitest'
import { readTokenClaims } from './token-claims.ts'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('readTokenClaims', () => {
  it('reads the key and the end', () => {
    const token = `${part({ alg: 'HS256', kid: 'k_7Qm2' })}.${part({ sub: 'ü–_?', exp: 1_800_000_000 })}.x`
    expect(readTokenClaims(token)).toEqual({ kid: 'k_7Qm2', expires: 1_800_000_000 })
  })

  it('reads nothing from anything else', () => {
    for (const token of [
      '',
      'a.b.c',
      `${part({})}.${part({ exp: 1 })}.x`,
      `${part({ kid: 'k' })}.${part(null)}.x`,
    ])
      expect(readTokenClaims(token), token).toBeUndefined()
  })
})
