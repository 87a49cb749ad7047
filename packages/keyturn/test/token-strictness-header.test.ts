/** Tokens whose MAC is right: parameters of the header. */
import { describe, expect, it } from 'vitest'
import { claims, encode, forge, judge, keys, seal } from './token-judgement.ts'

const judgeHeader = (header: object | string): string =>
  judge({ header: typeof header === 'string' ? header : JSON.stringify(header) })
const judgeWith = (more: object): string => judgeHeader({ alg: 'HS256', kid: 'a', ...more })

/** Every type that JSON has, some of them as the parameter would be written. */
const values = [
  ...[null, true, false, 0, 1, -1, '', 'JWT', 'exp', 'DEF', 'https://keys.example/jwks.json', 'JWE'],
  ...[[], ['exp'], [''], [null], {}, { kty: 'oct', k: encode(keys[0].secret) }, { b64: false }],
]

describe('parameters', () => {
  it.each(['crit', 'b64', 'zip', 'jwk', 'jku', 'x5u', 'x5c', 'cty'])(
    '%s is refused whatever it holds',
    name => {
      const escaped = `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`
      for (const value of values) {
        expect([value, judgeWith({ [name]: value })]).toEqual([value, 'ERR_TOKEN_HEADER'])
        const text = JSON.stringify(value)
        expect(judgeHeader(`{"${name}":${text},"alg":"HS256","kid":"a"}`)).toBe('ERR_TOKEN_HEADER')
        expect(judgeHeader(`{"alg":"HS256","kid":"a","${escaped}":${text}}`)).toBe('ERR_TOKEN_HEADER')
      }
      expect(judgeHeader(`{"alg":"HS256","${name}":["exp"]}`)).toBe('ERR_TOKEN_HEADER')
      expect(judgeHeader(`{"alg":"HS256","kid":"nobody","${name}":["exp"]}`)).toBe('ERR_TOKEN_HEADER')
    },
  )

  it('that resemble those, and others that nobody knows, mean nothing', () => {
    for (const name of [
      'Crit',
      'CRIT',
      'crit ',
      'x5t',
      'x5t#S256',
      'epk',
      'enc',
      'p2c',
      'iss',
      'exp',
      'toString',
      '',
    ])
      for (const value of values) expect(judgeWith({ [name]: value })).toBe('accepted')
    expect(judgeWith({ x: { crit: ['exp'], jwk: {}, alg: 'none' } })).toBe('accepted')
  })

  it('do not replace claims', () => {
    expect(judge({ header: '{"alg":"HS256","kid":"a","exp":1000060}', payload: '{"sub":"a"}' })).toBe(
      'ERR_TOKEN_CLAIM',
    )
    const options = { issuer: claims.iss }
    const header = `{"alg":"HS256","kid":"a","iss":"${claims.iss}"}`
    expect(judge({ header, payload: `{"exp":${claims.exp}}`, options })).toBe('ERR_TOKEN_ISSUER')
  })
})

describe('typ', () => {
  it.each(['JWT', 'jwt', 'Jwt', 'jWT', 'JWt'])('may be %s', typ => {
    expect(judgeWith({ typ })).toBe('accepted')
    expect(judgeHeader({ typ, alg: 'HS256' })).toBe('accepted')
  })

  it('may be absent', () => {
    expect(judgeHeader({ alg: 'HS256', kid: 'a' })).toBe('accepted')
    expect(judgeHeader({ kid: 'a', alg: 'HS256' })).toBe('accepted')
  })

  it('may be nothing else', () => {
    const others = [
      'at+jwt',
      'application/jwt',
      'JOSE',
      'JWE',
      'JWTS',
      ' JWT',
      'JWT ',
      'JWT\0',
      'J\u0057\u200bT',
      'ＪＷＴ',
    ]
    for (const typ of [
      ...others,
      ...values.filter(value => value !== 'JWT'),
      ['JWT'],
      { JWT: 'JWT' },
      [[['JWT']]],
    ])
      expect([typ, judgeWith({ typ })]).toEqual([typ, 'ERR_TOKEN_HEADER'])
  })
})

describe('alg', () => {
  it.each([
    ...[
      'none',
      'None',
      'NONE',
      'nOnE',
      'none ',
      ' none',
      '',
      ' ',
      'hs256',
      'Hs256',
      'hS256',
      'HS256 ',
      ' HS256',
      'HS256\0',
    ],
    ...[
      'HS',
      'HS2',
      'HS224',
      'HS2560',
      'HS256,HS384',
      'HS512/256',
      'HS1',
      'HMAC',
      'SHA256',
      'sha256',
      'ＨS256',
      'HЅ256',
    ],
    ...[
      'RS256',
      'RS384',
      'PS256',
      'ES256',
      'ES256K',
      'EdDSA',
      'Ed25519',
      'A256GCM',
      'dir',
      'RSA-OAEP',
      'ML-DSA-44',
    ],
    ...['__proto__', 'constructor', 'toString', 'length', 'undefined', 'null', 'true', '256', '../HS256'],
  ])('is refused as %j, with and without a signature', alg => {
    expect(judgeWith({ alg })).toBe('ERR_TOKEN_ALGORITHM')
    expect(judgeHeader({ alg })).toBe('ERR_TOKEN_ALGORITHM')
    expect(judgeHeader({ typ: 'JWT', kid: 'nobody', alg })).toBe('ERR_TOKEN_ALGORITHM')
    const unsigned = `${encode(JSON.stringify({ alg, kid: 'a' }))}.${encode(JSON.stringify(claims))}.`
    expect(judge({ token: unsigned })).toBe('ERR_TOKEN_ALGORITHM')
  })

  it('is refused when it is absent or no string', () => {
    for (const value of values.filter(each => typeof each !== 'string'))
      expect([value, judgeWith({ alg: value })]).toEqual([value, 'ERR_TOKEN_HEADER'])
    for (const header of [
      {},
      { kid: 'a' },
      { Alg: 'HS256', kid: 'a' },
      { alg: ['HS256'] },
      { alg: { alg: 'HS256' } },
    ])
      expect(judgeHeader(header)).toBe('ERR_TOKEN_HEADER')
  })

  it('is read as JSON, with escapes', () => {
    expect(judgeHeader('{"alg":"\\u0048S256","kid":"a"}')).toBe('accepted')
    expect(judgeHeader('{"\\u0061lg":"HS256","\\u006bid":"\\u0061"}')).toBe('accepted')
    expect(judgeHeader('{"\\u0061lg":"none","kid":"a"}')).toBe('ERR_TOKEN_ALGORITHM')
  })

  it('is the one of the key that the kid names, whatever the MAC', () => {
    for (const { kid, alg: own } of keys)
      for (const { alg } of keys) {
        const token = forge(JSON.stringify({ alg, kid }), JSON.stringify(claims), {
          alg,
          secret: keys.find(key => key.kid === kid)!.secret,
        })
        const key = keys.find(each => each.alg === own)!
        expect([kid, alg, judge({ token, key })]).toEqual([
          kid,
          alg,
          alg === own ? 'accepted' : 'ERR_TOKEN_ALGORITHM',
        ])
      }
  })

  it('is refused before a signature is looked at', () => {
    const other = forge('{"alg":"HS256","kid":"b"}', JSON.stringify(claims), keys[1])
    expect(judge({ token: other })).toBe('ERR_TOKEN_ALGORITHM')
    expect(judge({ token: seal(encode('{"alg":"HS384"}'), encode('x')), options: { keys: [keys[0]] } })).toBe(
      'ERR_TOKEN_ALGORITHM',
    )
  })
})
