/** Claims: types, then expectations, one code for each reason. */
import { describe, expect, it } from 'vitest'
import { accepted } from '../../test/accepted.ts'
import { encodeBase64url } from './base64url.ts'
import { checkClaims, readClaims, type Claims, type Expectations } from './claims.ts'

const read = (payload: unknown): Claims =>
  accepted(readClaims(encodeBase64url(typeof payload === 'string' ? payload : JSON.stringify(payload)), true))
const withCode = (code: string): unknown => expect.objectContaining({ name: 'TokenError', code })
const now = 1_000_000

describe('readClaims', () => {
  it('reads registered claims of the right types and keeps the others', () => {
    const claims = {
      iss: '',
      sub: 'a',
      aud: ['b', 'c'],
      exp: 1.5,
      nbf: -1,
      iat: 0,
      jti: 'd',
      role: { admin: [null] },
    }
    expect(read(claims)).toStrictEqual(claims)
    expect(read('{}')).toStrictEqual({})
  })

  it.each(['iss', 'sub', 'jti'])('refuses %s that is not a string', name => {
    for (const value of [null, 1, true, [], ['a'], { a: 1 }])
      expect(() => read({ [name]: value })).toThrow(withCode('ERR_TOKEN_CLAIM'))
  })

  it.each(['exp', 'nbf', 'iat'])('refuses %s that is not a number within the safe range', name => {
    for (const value of ['"123"', 'null', 'true', '[1]', '{}', '""', '1e300', '9007199254740993', '-1e17'])
      expect(() => read(`{"${name}":${value}}`)).toThrow(withCode('ERR_TOKEN_CLAIM'))
    expect(() => read(`{"${name}":1e999}`)).toThrow(withCode('ERR_TOKEN_PAYLOAD'))
  })

  it('refuses aud that is not a string or an array of strings', () => {
    for (const aud of [null, 1, true, {}, { 0: 'a' }, [1], ['a', null], [['a']]])
      expect(() => read({ aud })).toThrow(withCode('ERR_TOKEN_CLAIM'))
    expect(read({ aud: 'a' }).aud).toBe('a')
  })

  it('refuses a payload that is not a claims set', () => {
    for (const text of [
      '',
      '[]',
      'null',
      '"{}"',
      '1',
      '{',
      '{}{}',
      '{"sub":"a","sub":"b"}',
      '{"__proto__":{}}',
    ])
      expect(() => read(text)).toThrow(withCode('ERR_TOKEN_PAYLOAD'))
    for (const payload of ['e30=', 'e31', 'e30 ', '????', encodeBase64url(Uint8Array.of(0x7b, 0xff, 0x7d))])
      expect(() => accepted(readClaims(payload, true))).toThrow(withCode('ERR_TOKEN_PAYLOAD'))
  })
})

describe('checkClaims', () => {
  const check = (claims: Claims, expected: Partial<Expectations> = {}, at = now): void => {
    const { clockToleranceSeconds = 0 } = expected
    const tolerances = { clockToleranceSeconds, expiryToleranceSeconds: clockToleranceSeconds }
    accepted(checkClaims(claims, { requireExp: true, ...expected, ...tolerances }, at))
  }
  const fresh = { exp: now + 60, iat: now }

  it('accepts until the second before exp', () => {
    check({ exp: now + 1 })
    expect(() => check({ exp: now })).toThrow(withCode('ERR_TOKEN_EXPIRED'))
    expect(() => check({ exp: now - 1 })).toThrow(withCode('ERR_TOKEN_EXPIRED'))
    check({ exp: now - 9 }, { clockToleranceSeconds: 10 })
    expect(() => check({ exp: now - 10 }, { clockToleranceSeconds: 10 })).toThrow(
      withCode('ERR_TOKEN_EXPIRED'),
    )
  })

  it('requires exp unless told otherwise', () => {
    expect(() => check({})).toThrow(withCode('ERR_TOKEN_CLAIM'))
    check({}, { requireExp: false })
    expect(() => check({ exp: 0 }, { requireExp: false })).toThrow(withCode('ERR_TOKEN_EXPIRED'))
  })

  it('accepts from nbf on', () => {
    check({ ...fresh, nbf: now })
    expect(() => check({ ...fresh, nbf: now + 1 })).toThrow(withCode('ERR_TOKEN_NOT_YET_VALID'))
    check({ ...fresh, nbf: now + 10 }, { clockToleranceSeconds: 10 })
    expect(() => check({ ...fresh, nbf: now + 11 }, { clockToleranceSeconds: 10 })).toThrow(
      withCode('ERR_TOKEN_NOT_YET_VALID'),
    )
  })

  it('refuses an iat in the future', () => {
    expect(() => check({ ...fresh, iat: now + 1 })).toThrow(withCode('ERR_TOKEN_ISSUED_IN_FUTURE'))
    check({ ...fresh, iat: now + 10 }, { clockToleranceSeconds: 10 })
  })

  it('limits the lifetime', () => {
    check(fresh, { maxLifetimeSeconds: 60 })
    expect(() => check(fresh, { maxLifetimeSeconds: 59 })).toThrow(withCode('ERR_TOKEN_LIFETIME'))
    expect(() => check({ exp: now + 60 }, { maxLifetimeSeconds: 60 })).toThrow(withCode('ERR_TOKEN_CLAIM'))
    expect(() => check({ iat: now }, { maxLifetimeSeconds: 60, requireExp: false })).toThrow(
      withCode('ERR_TOKEN_CLAIM'),
    )
  })

  it('limits the age', () => {
    const old = { exp: now + 60, iat: now - 100 }
    check(old, { maxAgeSeconds: 100 })
    expect(() => check(old, { maxAgeSeconds: 99 })).toThrow(withCode('ERR_TOKEN_AGE'))
    check(old, { maxAgeSeconds: 90, clockToleranceSeconds: 10 })
    expect(() => check({ exp: now + 60 }, { maxAgeSeconds: 100 })).toThrow(withCode('ERR_TOKEN_CLAIM'))
  })

  it('compares iss and sub for equality', () => {
    check({ ...fresh, iss: 'a', sub: 'b' }, { issuer: 'a', subject: 'b' })
    for (const iss of [undefined, '', 'A', 'a ', 'aa'])
      expect(() => check({ ...fresh, ...(iss === undefined ? {} : { iss }) }, { issuer: 'a' })).toThrow(
        withCode('ERR_TOKEN_ISSUER'),
      )
    expect(() => check({ ...fresh, sub: 'c' }, { subject: 'b' })).toThrow(withCode('ERR_TOKEN_SUBJECT'))
    expect(() => check(fresh, { subject: 'b' })).toThrow(withCode('ERR_TOKEN_SUBJECT'))
  })

  it('looks for one of the audiences among those of the token', () => {
    for (const aud of ['a', ['a'], ['x', 'a']]) check({ ...fresh, aud }, { audience: 'a' })
    check({ ...fresh, aud: ['x', 'b'] }, { audience: ['a', 'b'] })
    for (const aud of ['ab', '', [], ['b'], ['A']])
      expect(() => check({ ...fresh, aud }, { audience: 'a' })).toThrow(withCode('ERR_TOKEN_AUDIENCE'))
    expect(() => check(fresh, { audience: 'a' })).toThrow(withCode('ERR_TOKEN_AUDIENCE'))
  })

  it('refuses everything with times when the clock is broken', () => {
    for (const claims of [{ exp: now }, { nbf: now }, { iat: now }])
      expect(() => check(claims, { requireExp: false }, NaN)).toThrow(
        expect.objectContaining({ status: 401 }),
      )
  })

  it('does not take a claim from a prototype', () => {
    Object.defineProperty(Object.prototype, 'exp', { value: now + 60, configurable: true })
    try {
      expect(() => check({})).toThrow(withCode('ERR_TOKEN_CLAIM'))
    } finally {
      Reflect.deleteProperty(Object.prototype, 'exp')
    }
  })
})
