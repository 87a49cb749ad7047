/** Headers: one refusal for each reason. */
import { describe, expect, it } from 'vitest'
import { accepted } from '../../test/accepted.ts'
import { encodeBase64url } from './base64url.ts'
import { decodeHeader, encodeHeader } from './header.ts'

const decode = (header: unknown): unknown =>
  accepted(decodeHeader(encodeBase64url(JSON.stringify(header)))).header
const withCode = (code: string): unknown => expect.objectContaining({ name: 'TokenError', code })

const decoded = (segment: string): unknown => accepted(decodeHeader(segment)).header

describe('decodeHeader', () => {
  it.each([
    { alg: 'HS256' },
    { alg: 'HS384', typ: 'JWT' },
    { alg: 'HS512', typ: 'jwt', kid: 'k'.repeat(256) },
    { alg: 'HS256', typ: 'Jwt', kid: '' },
    { alg: 'HS256', kid: '../../etc/passwd\0' },
    { alg: 'HS256', unknown: { means: ['nothing'] }, x5t: 'also nothing' },
  ])('accepts %j and keeps it', header => {
    expect(decode(header)).toStrictEqual(header)
  })

  it.each(['crit', 'b64', 'zip', 'jwk', 'jku', 'x5u', 'x5c', 'cty'])('refuses %s whatever it holds', name => {
    for (const value of [true, false, null, '', [], ['exp'], {}, 'https://keys.example'])
      expect(() => decode({ alg: 'HS256', [name]: value })).toThrow(withCode('ERR_TOKEN_HEADER'))
  })

  it.each(['none', 'None', 'NONE', '', 'hs256', 'HS256 ', 'HS1', 'RS256', 'ES256', 'EdDSA', 'toString'])(
    'refuses the algorithm %j',
    alg => {
      expect(() => decode({ alg })).toThrow(withCode('ERR_TOKEN_ALGORITHM'))
    },
  )

  it('refuses an alg that is absent or not a string', () => {
    for (const header of [{}, { alg: null }, { alg: 256 }, { alg: ['HS256'] }, { alg: { HS256: 1 } }])
      expect(() => decode(header)).toThrow(withCode('ERR_TOKEN_HEADER'))
  })

  it('refuses a typ that is not JWT', () => {
    for (const typ of ['at+jwt', 'JWS', 'application/jwt', '', ' JWT', null, 1, ['JWT']])
      expect(() => decode({ alg: 'HS256', typ })).toThrow(withCode('ERR_TOKEN_HEADER'))
  })

  it('refuses a kid that is not a string of at most 256 characters', () => {
    for (const kid of [null, 1, true, ['a'], { a: 1 }, 'k'.repeat(257)])
      expect(() => decode({ alg: 'HS256', kid })).toThrow(withCode('ERR_TOKEN_HEADER'))
  })

  it('refuses what is not one JSON object', () => {
    for (const text of ['', '[]', '"HS256"', 'null', '1', '{"alg":"HS256"', '{"alg":"HS256","alg":"HS256"}'])
      expect(() => accepted(decodeHeader(encodeBase64url(text)))).toThrow(withCode('ERR_TOKEN_HEADER'))
    for (const segment of ['e30=', 'e3 0', '{"alg":"HS256"}', 'e31'])
      expect(() => accepted(decodeHeader(segment))).toThrow(withCode('ERR_TOKEN_HEADER'))
  })

  it('does not take an algorithm from a prototype', () => {
    Object.defineProperty(Object.prototype, 'alg', { value: 'HS256', configurable: true })
    try {
      expect(() => decode({ typ: 'JWT' })).toThrow(withCode('ERR_TOKEN_HEADER'))
    } finally {
      Reflect.deleteProperty(Object.prototype, 'alg')
    }
  })
})

describe('encodeHeader', () => {
  it('writes alg, typ and, where there is one, kid', () => {
    expect(decoded(encodeHeader('HS384', undefined))).toEqual({ alg: 'HS384', typ: 'JWT' })
    expect(decoded(encodeHeader('HS256', 'a"b'))).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'a"b' })
  })
})
