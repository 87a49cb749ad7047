/** Tokens whose MAC is right: names that come twice or reach a prototype, at any depth. */
import { describe, expect, it } from 'vitest'
import { judge, now } from './token-judgement.ts'
import { accepted, judgeValue, refused } from './token-values.ts'

describe('names', () => {
  it.each([
    ['twice', '{"a":1,"a":1}'],
    ['twice, apart', '{"a":1,"b":2,"a":3}'],
    ['twice, once by an escape', '{"a":1,"\\u0061":1}'],
    ['twice, by escapes of other case', '{"\\u00e9":1,"\\u00E9":1}'],
    ['twice, beyond ASCII and by an escape', '{"é":1,"\\u00e9":1}'],
    ['twice, in surrogates and by escapes', '{"😀":1,"\\ud83d\\ude00":1}'],
    ['twice, empty', '{"":1,"":1}'],
    ['twice, with an escaped slash', '{"a/b":1,"a\\/b":2}'],
    ['twice, as digits', '{"1":1,"1":2}'],
    ['twice, of Object.prototype', '{"toString":1,"toString":2}'],
    [
      'twice, far apart',
      `{"a":1,${Array.from({ length: 40 }, (_, index) => `"b${index}":${index}`).join()},"a":2}`,
    ],
    ['__proto__', '{"__proto__":{"exp":1}}'],
    ['__proto__, null', '{"__proto__":null}'],
    ['__proto__ by one escape', '{"\\u005f_proto__":1}'],
    ['__proto__ by an escape in the middle', '{"__pro\\u0074o__":1}'],
    ['__proto__ by escapes alone', '{"\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":1}'],
    ['constructor', '{"constructor":{"prototype":{}}}'],
    ['constructor by an escape', '{"constructo\\u0072":1}'],
    ['prototype', '{"prototype":1}'],
    ['prototype by an escape', '{"\\u0070rototype":1}'],
    ['__proto__ after others', '{"a":1,"b":"c","__proto__":[]}'],
  ])('that come %s are refused at any depth', (_, object) => {
    expect(judgeValue(object)).toEqual(refused)
    expect(judgeValue(`[[[${object}]]]`)).toEqual(refused)
    expect(judgeValue(`{"x":{"x":${object}}}`)).toEqual(refused)
    const members = object.slice(1, -1)
    expect(judge({ payload: `{"exp":${now + 60},${members}}` })).toBe('ERR_TOKEN_PAYLOAD')
    expect(judge({ payload: `{${members},"exp":${now + 60}}` })).toBe('ERR_TOKEN_PAYLOAD')
    expect(judge({ header: `{"alg":"HS256","kid":"a",${members}}` })).toBe('ERR_TOKEN_HEADER')
    expect(judge({ header: `{${members},"alg":"HS256","kid":"a"}` })).toBe('ERR_TOKEN_HEADER')
  })

  it.each(['exp', 'iss', 'sub', 'aud', 'nbf', 'iat', 'jti'])('refuse %s twice, whichever is good', name => {
    const [good, bad] =
      name === 'exp'
        ? [`${now + 60}`, '1']
        : ['exp', 'nbf', 'iat'].includes(name)
          ? ['1', '1']
          : ['"a"', '"a"']
    const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`
    for (const second of [name, escaped])
      for (const [one, other] of [
        [good, bad],
        [bad, good],
        [good, good],
      ])
        for (const members of [
          `"${name}":${one},"${second}":${other}`,
          `"${name}":${one},"x":1,"${second}":${other}`,
        ])
          expect(judge({ payload: `{${members}${name === 'exp' ? '' : `,"exp":${now + 60}`}}` })).toBe(
            'ERR_TOKEN_PAYLOAD',
          )
  })

  it.each(['alg', 'kid', 'typ'])('refuse %s twice in the header', name => {
    const header = { alg: 'HS256', kid: 'a', typ: 'JWT' }
    const value = JSON.stringify(header[name as 'alg'])
    for (const second of [
      `"${name}":${value}`,
      `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":${value}`,
    ])
      for (const text of [
        `{${second},${JSON.stringify(header).slice(1)}`,
        `${JSON.stringify(header).slice(0, -1)},${second}}`,
      ])
        expect(judge({ header: text })).toBe('ERR_TOKEN_HEADER')
  })

  it('may come in any order and be as they like', () => {
    for (const name of [
      'ALG',
      'a.b',
      'https://keys.example/role',
      '\\u0000',
      'constructor ',
      ' prototype',
      '__proto__2',
    ])
      expect(judgeValue(`{"${name}":1}`)).toEqual(accepted)
  })
})
