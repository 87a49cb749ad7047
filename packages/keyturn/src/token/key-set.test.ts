/** Keys as callers give them: refused when made, not when a token comes. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { accepted } from '../../test/accepted.ts'
import { encodeBase64url } from './base64url.ts'
import { createKeySet, toNamedKey, type KeyInput } from './key-set.ts'

const invalid = expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_INVALID' })
const weak = expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_SECRET_WEAK' })
const secret = 'k'.repeat(64)
const jwk = { kty: 'oct', alg: 'HS256', k: encodeBase64url(secret) }
const macOf = (input: KeyInput): string => toNamedKey(input, 'verify').key.macOf(Buffer.from('input'))

describe('createKeySet', () => {
  it('finds keys by kid, and lists all of them in order for tokens without one', () => {
    const keys = createKeySet([
      { kid: 'a', alg: 'HS256', secret },
      { alg: 'HS512', secret: randomBytes(64) },
      { ...jwk, kid: 'b', k: encodeBase64url(randomBytes(32)) },
    ])
    expect(keys.find('a', 0)).toMatchObject({ key: { alg: 'HS256' } })
    expect(keys.find('b', 0)).toMatchObject({ kid: 'b' })
    expect(keys.find('c', 0)).toBeUndefined()
    expect(keys.find('constructor', 0)).toBeUndefined()
    const kids = accepted(keys.candidates(0)).map(({ kid }) => kid)
    expect(kids).toEqual(['a', undefined, 'b'])
  })

  it('refuses an empty list and what is no list', () => {
    for (const keys of [[], undefined, null, {}, secret])
      expect(() => createKeySet(keys as KeyInput[])).toThrow(invalid)
  })

  it('refuses a kid that comes twice', () => {
    const keys = [secret, 'x'.repeat(64)].map(text => ({ kid: 'a', alg: 'HS256', secret: text }))
    expect(() => createKeySet(keys)).toThrow(invalid)
  })

  it('refuses two keys that are one HMAC key', () => {
    const long = randomBytes(100)
    const pairs: [KeyInput, KeyInput][] = [
      [
        { kid: 'a', alg: 'HS256', secret },
        { kid: 'b', alg: 'HS256', secret: Buffer.from(secret) },
      ],
      [
        { kid: 'a', alg: 'HS256', secret },
        { ...jwk, kid: 'b' },
      ],
      [
        { alg: 'HS256', secret: 'k'.repeat(40) },
        { alg: 'HS256', secret: 'k'.repeat(40) + '\0' },
      ],
      [
        { alg: 'HS256', secret: long },
        { alg: 'HS256', secret: createHash('sha256').update(long).digest() },
      ],
      [
        { alg: 'HS256', secret },
        { alg: 'HS512', secret },
      ],
    ]
    for (const keys of pairs) expect(() => createKeySet(keys)).toThrow(invalid)
  })
})

describe('toNamedKey', () => {
  it('takes text as UTF-8, bytes as they are, and k of a JWK decoded', () => {
    expect(macOf({ alg: 'HS256', secret })).toEqual(macOf({ alg: 'HS256', secret: Buffer.from(secret) }))
    expect(macOf(jwk)).toEqual(macOf({ alg: 'HS256', secret }))
    expect(macOf({ alg: 'HS256', secret: 'é'.repeat(16) })).toHaveLength(43)
  })

  it('refuses a key that is shorter than its hash', () => {
    expect(() => toNamedKey({ alg: 'HS256', secret: 'k'.repeat(31) }, 'verify')).toThrow(weak)
    expect(() => toNamedKey({ alg: 'HS512', secret: 'k'.repeat(63) }, 'verify')).toThrow(weak)
    expect(() => toNamedKey({ ...jwk, k: '' }, 'verify')).toThrow(weak)
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a bare text', secret],
    ['no algorithm', { secret }],
    ['an algorithm of another kind', { alg: 'RS256', secret }],
    ['the algorithm none', { alg: 'none', secret }],
    ['an empty kid', { kid: '', alg: 'HS256', secret }],
    ['a kid of 257 characters', { kid: 'k'.repeat(257), alg: 'HS256', secret }],
    ['a kid that is a number', { kid: 1, alg: 'HS256', secret }],
    ['no secret', { alg: 'HS256' }],
    ['a secret that is a number', { alg: 'HS256', secret: 1 }],
    ['a secret with a lone surrogate', { alg: 'HS256', secret: secret + '\ud800' }],
    ['an RSA JWK', { kty: 'RSA', alg: 'HS256', n: 'AQAB', e: 'AQAB' }],
    ['a JWK without alg', { kty: 'oct', k: jwk.k }],
    ['a JWK for key wrapping', { ...jwk, alg: 'A256KW' }],
    ['a JWK for encryption', { ...jwk, use: 'enc' }],
    ['a JWK for something else', { ...jwk, key_ops: ['sign'] }],
    ['a JWK whose key_ops is a text', { ...jwk, key_ops: 'verify' }],
    ['a JWK without k', { kty: 'oct', alg: 'HS256' }],
    ['a JWK with padding', { ...jwk, k: jwk.k + '==' }],
  ])('refuses %s', (_, input) => {
    expect(() => toNamedKey(input as KeyInput, 'verify')).toThrow(invalid)
  })

  it('lets key_ops decide what a JWK serves', () => {
    expect(toNamedKey({ ...jwk, use: 'sig', key_ops: ['sign'] }, 'sign').key.alg).toBe('HS256')
    expect(toNamedKey({ ...jwk, key_ops: ['sign', 'verify'] }, 'verify').key.alg).toBe('HS256')
  })

  it('refuses key material of another kind, as text and as bytes', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    const forms = [
      pem,
      `\u200b ${pem}`,
      Buffer.from(pem),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
      JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }),
    ]
    for (const form of forms)
      expect(() => toNamedKey({ alg: 'HS256', secret: form }, 'verify')).toThrow(invalid)
    const k = encodeBase64url(pem)
    expect(() => toNamedKey({ kty: 'oct', alg: 'HS256', k }, 'verify')).toThrow(invalid)
  })

  it('shows nothing of a secret in its messages', () => {
    const inputs: unknown[] = [
      { alg: 'HS256', secret: 'topsecret' },
      { alg: 'topsecret', secret: 'topsecret' },
      { kid: 'topsecret'.repeat(99), alg: 'HS256', secret: 'topsecret' },
      { kty: 'oct', alg: 'HS256', k: 'topsecret=' },
    ]
    for (const input of inputs)
      expect(() => toNamedKey(input as KeyInput, 'verify')).toThrow(/^(?!.*topsecret)/)
  })
})
