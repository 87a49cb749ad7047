/** JSON: what the RFC allows within bounds, and refusals for the rest. The big suite is in test/. */
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from './base64url.ts'
import { parseSegment } from './json.ts'
import { NotJson } from './json-value.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
/** Throws what is no JSON, so that it can be expected. */
function parseBytes(bytes: Uint8Array): unknown {
  const value = parseSegment(encodeBase64url(bytes), false)
  if (value instanceof NotJson) throw new SyntaxError(value.what)
  return value
}
const parseJson = (text: string): unknown => parseBytes(bytesOf(text))
const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth)
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"m${index}":${index}`).join()}}`

describe('parseJson', () => {
  it.each([
    '{}',
    '[]',
    ' \t\r\n{ "a" : [ 1 , -0.5e+2 , true , false , null , "x" ] }\n',
    '{"":0,"toString":1,"hasOwnProperty":2,"valueOf":3}',
    '"\\u00e9\\n\\"\\\\\\/ \\uD834\\uDD1E \u007f \u2028"',
    '-0',
    '9007199254740993',
  ])('reads %s as JSON.parse does', text => {
    expect(parseJson(text)).toStrictEqual(JSON.parse(text))
  })

  it.each([
    ['nothing', ''],
    ['white space alone', ' '],
    ['a second value', '{}{}'],
    ['a comment', '{}//'],
    ['a trailing comma in an object', '{"a":1,}'],
    ['a trailing comma in an array', '[1,]'],
    ['a missing comma', '[1 2]'],
    ['a missing colon', '{"a" 1}'],
    ['a missing value', '{"a":}'],
    ['a name without quotes', '{a:1}'],
    ['single quotes', "{'a':1}"],
    ['an open object', '{"a":1'],
    ['an open array', '[1'],
    ['an open string', '"a'],
    ['a string that ends in a backslash', '"a\\'],
    ['an unknown escape', '"\\x41"'],
    ['half a unicode escape', '"\\u12"'],
    ['a raw newline in a string', '"a\nb"'],
    ['a raw NUL in a string', '"\0"'],
    ['a leading zero', '01'],
    ['a plus sign', '+1'],
    ['a point without digits', '1.'],
    ['a number that begins with a point', '.5'],
    ['a hexadecimal number', '0x10'],
    ['NaN', 'NaN'],
    ['Infinity', '-Infinity'],
    ['a number beyond the range of a double', '1e999'],
    ['a negative number beyond it', '{"exp":-1e999}'],
    ['undefined', 'undefined'],
    ['a word with a capital', 'True'],
    ['a word that goes on', 'nullx'],
    ['a byte order mark', '\ufeff{}'],
    ['a no-break space', '\u00a0{}'],
    ['a form feed', '\f{}'],
  ])('refuses %s', (_, text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  })

  it('refuses a name that comes twice, at any depth and however it is written', () => {
    for (const text of ['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"x":{"a":1,"b":2,"a":3}}]', '{"":1,"":2}'])
      expect(() => parseJson(text)).toThrow('two members of the same name')
    expect(parseJson('{"a":{"a":{"a":1}},"A":2}')).toEqual({ a: { a: { a: 1 } }, A: 2 })
  })

  it('refuses names that reach a prototype, also as an escape', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])
      for (const text of [`{"${name}":1}`, `{"a":[{"${name}":{}}]}`])
        expect(() => parseJson(text)).toThrow('forbidden name')
  })

  it('nests 8 levels and not 9, objects and arrays alike', () => {
    expect(parseJson(nested(8, '[', ']'))).toEqual([[[[[[[[]]]]]]]])
    expect(parseJson('{"a":'.repeat(7) + '{}' + '}'.repeat(7))).toBeTypeOf('object')
    expect(() => parseJson(nested(9, '[', ']'))).toThrow('8 levels')
    expect(() => parseJson('{"a":'.repeat(8) + '{}' + '}'.repeat(8))).toThrow('8 levels')
    expect(() => parseJson('['.repeat(100_000))).toThrow('8 levels')
    expect(parseJson('[[[[[[[[]]]]]]],[[[[[[[]]]]]]]]')).toHaveLength(2)
  })

  it('takes 64 members an object and not 65', () => {
    expect(parseJson(members(64))).toHaveProperty('m63', 63)
    expect(() => parseJson(members(65))).toThrow('64 members')
    expect(() => parseJson(`{"a":[${members(65)}]}`)).toThrow('64 members')
    expect(parseJson(`[${members(64)},${members(64)}]`)).toHaveLength(2)
  })

  it('defines own members even where a prototype would catch an assignment', () => {
    const caught: unknown[] = []
    Object.defineProperty(Object.prototype, 'trap', { set: value => caught.push(value), configurable: true })
    try {
      expect(Object.hasOwn(parseJson('{"trap":1}') as object, 'trap')).toBe(true)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'trap')
    }
    expect(caught).toEqual([])
  })

  it('quotes nothing of the text in its messages', () => {
    for (const text of [
      '{"topsecret',
      '{"topsecret":tops',
      '["topsecret\\x"]',
      '{"topsecret":1,"topsecret":1}',
    ])
      expect(() => parseJson(text)).toThrow(/^(?!.*tops)/)
  })
})

describe('UTF-8', () => {
  it('reads UTF-8', () => {
    expect(parseBytes(bytesOf('{"a":"é𝄞"}'))).toEqual({ a: 'é𝄞' })
  })

  it.each([
    ['overlong', [0x22, 0xc0, 0xaf, 0x22]],
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['beyond U+10FFFF', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
  ])('refuses %s, and goes on with what follows', (_, bytes) => {
    expect(() => parseBytes(Uint8Array.from(bytes))).toThrow(SyntaxError)
    expect(parseBytes(bytesOf('{}'))).toEqual({})
  })
})
