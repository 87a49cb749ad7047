/** Mutants: a token that differs by one character or one bit is another token, and never accepted. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSigner, createVerifier } from '../src/token/index.ts'

const alphabet = [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  ...'.=+/ \n\t\0%?~é\u0141\u2028',
]

/** Every deletion, replacement, insertion and flip of one of 16 bits, at every place. */
function* mutantsOf(token: string): Generator<string> {
  for (let at = 0; at <= token.length; at++) {
    const before = token.slice(0, at)
    const after = token.slice(at + 1)
    for (const character of alphabet) yield before + character + token.slice(at)
    if (at === token.length) return
    yield before + after
    for (const character of alphabet) yield before + character + after
    for (let bit = 0; bit < 16; bit++)
      yield before + String.fromCharCode(token.charCodeAt(at) ^ (1 << bit)) + after
  }
}

describe('mutants', () => {
  it('are refused, all of at least 50,000', () => {
    const keys = [
      { kid: 'a', alg: 'HS256', secret: randomBytes(64) },
      { kid: 'b', alg: 'HS384', secret: randomBytes(64) },
      { alg: 'HS512', secret: randomBytes(64) },
    ]
    const verify = createVerifier({ keys })
    const accepted: string[] = []
    let tried = 0
    for (const key of keys) {
      const token = createSigner({ key, expiresIn: '1h' })({ sub: 'user', admin: false })
      expect(verify.result(token)).toMatchObject({ ok: true })
      for (const mutant of mutantsOf(token)) {
        if (mutant === token) continue
        tried++
        if (verify.result(mutant).ok) accepted.push(mutant)
      }
    }
    expect(accepted).toEqual([])
    expect(tried).toBeGreaterThan(50_000)
  }, 120_000)
})
