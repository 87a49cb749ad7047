/** Tokens whose MAC is right: bounds of JSON, its bytes, and what stands around it. */
import { describe, expect, it } from 'vitest'
import { header, judge, now, payload } from './token-judgement.ts'

const exp = `"exp":${now + 60}`
const inPayload = (value: string): string => judge({ payload: `{${exp},"x":${value}}` })
const inHeader = (value: string): string => judge({ header: `{"alg":"HS256","kid":"a","x":${value}}` })
const both = (value: string): [string, string] => [inPayload(value), inHeader(value)]
const refused = ['ERR_TOKEN_PAYLOAD', 'ERR_TOKEN_HEADER']
const accepted = ['accepted', 'accepted']

/** So many levels, each in the one before. */
const nested = (levels: readonly ('[' | '{')[], core = ''): string =>
  levels.map(each => (each === '[' ? '[' : '{"x":')).join('') +
  (levels.at(-1) === '{' && core === '' ? '0' : core) +
  [...levels]
    .reverse()
    .map(each => (each === '[' ? ']' : '}'))
    .join('')
const levels = (count: number, pattern: string): ('[' | '{')[] =>
  Array.from({ length: count }, (_, index) => pattern[index % pattern.length] as '[')
const members = (count: number, start = 0): string =>
  Array.from({ length: count }, (_, index) => `"m${start + index}":${index}`).join()

describe('depth', () => {
  it.each(['[', '{', '[{', '{[', '[[{'])('is at most 8, the outermost object is 1: %s', pattern => {
    expect(both(nested(levels(7, pattern)))).toEqual(accepted)
    expect(both(nested(levels(7, pattern), '"[[[{{{"'))).toEqual(accepted)
    expect(both(nested(levels(8, pattern)))).toEqual(refused)
    expect(both(nested(levels(7, pattern), '[]'))).toEqual(refused)
    expect(both(nested(levels(7, pattern), '{}'))).toEqual(refused)
    expect(both(nested(levels(500, pattern)))).toEqual(refused)
    expect(both(nested(levels(7, pattern), '0,[]').replaceAll('{"x":0,[]}', '{"x":[]}'))).toEqual(refused)
  })

  it('does not add up from one value to the next', () => {
    const deep = nested(levels(6, '['))
    expect(both(`[${Array.from({ length: 20 }, () => deep).join()}]`)).toEqual(accepted)
    expect(both(`[${Array.from({ length: 20 }, () => deep).join()},[${deep}]]`)).toEqual(refused)
  })
})

describe('members', () => {
  it('are at most 64 in one object', () => {
    expect(judge({ payload: `{${exp},${members(63)}}` })).toBe('accepted')
    expect(judge({ payload: `{${exp},${members(64)}}` })).toBe('ERR_TOKEN_PAYLOAD')
    expect(judge({ payload: `{${members(64)},${exp}}` })).toBe('ERR_TOKEN_PAYLOAD')
    expect(judge({ header: `{"alg":"HS256","kid":"a",${members(62)}}` })).toBe('accepted')
    expect(judge({ header: `{"alg":"HS256","kid":"a",${members(63)}}` })).toBe('ERR_TOKEN_HEADER')
  })

  it('are counted object by object', () => {
    expect(both(`{${members(64)}}`)).toEqual(accepted)
    expect(both(`{${members(65)}}`)).toEqual(refused)
    expect(both(`[{${members(64)}},{${members(64)}}]`)).toEqual(accepted)
    expect(both(`[{${members(64)}},{${members(65)}}]`)).toEqual(refused)
    expect(both(`{${members(63)},"n":{${members(64)}}}`)).toEqual(accepted)
    expect(both(`{${members(63)},"n":{${members(65)}}}`)).toEqual(refused)
    expect(both(`{"n":{${members(65)}}}`)).toEqual(refused)
    expect(both(`{"n":{${members(2)}},${members(64)}}`)).toEqual(refused)
  })

  it('are no elements: an array may have as many as fit', () => {
    expect(both(`[${Array.from({ length: 1_000 }, () => 0).join()}]`)).toEqual(accepted)
    expect(both(`[${Array.from({ length: 300 }, () => '{"a":1}').join()}]`)).toEqual(accepted)
  })
})

describe('white space', () => {
  it.each([' ', '\t', '\n', '\r', ' \r\n\t '])('%j may stand wherever RFC 8259 has it', space => {
    const spaced = (text: string): string => text.replaceAll(/[{}[\],:]/g, each => space + each + space)
    const claims = `{${exp},"x":[1,2,{"y":null}],"z":{}}`
    expect(judge({ payload: spaced(claims) })).toBe('accepted')
    expect(judge({ payload: space + claims, like: [claims] })).toBe('accepted')
    expect(judge({ payload: claims + space, like: [claims] })).toBe('accepted')
    expect(judge({ header: spaced('{"alg":"HS256","kid":"a","x":[{}]}') })).toBe('accepted')
    expect(judge({ header: space + header + space })).toBe('accepted')
  })

  it.each(['\f', '\v', '\0', '\u00a0', '\u0085', '\u2028', '\u3000', '\u200b', '\ufeff', '/**/'])(
    '%j may not stand anywhere',
    space => {
      for (const change of [/^/, /$/, /(?<=\{)/, /(?=:)/, /(?<=:)/, /(?=,)/, /(?<=,)/, /(?=\}$)/]) {
        expect(judge({ payload: payload.replace(change, space) })).toBe('ERR_TOKEN_PAYLOAD')
        expect(judge({ header: header.replace(change, space) })).toBe('ERR_TOKEN_HEADER')
      }
    },
  )
})

describe('what stands after the object', () => {
  it.each(['x', '{}', ' {}', ',', '}', ']', ';', '\0', '//', '#', '"', '1', 'null', '\n.'])(
    '%j is refused',
    rest => {
      expect(judge({ payload: payload + rest })).toBe('ERR_TOKEN_PAYLOAD')
      expect(judge({ payload: payload + payload + rest })).toBe('ERR_TOKEN_PAYLOAD')
      expect(judge({ header: header + rest })).toBe('ERR_TOKEN_HEADER')
    },
  )

  it.each([
    '',
    ' ',
    '[]',
    `[${payload}]`,
    'null',
    'true',
    '1',
    '"a"',
    JSON.stringify(payload),
    payload.slice(1),
    payload.slice(0, -1),
  ])('and %j instead of it is refused', text => {
    expect(judge({ payload: text })).toBe('ERR_TOKEN_PAYLOAD')
    expect(judge({ header: text })).toBe('ERR_TOKEN_HEADER')
  })
})

describe('bytes', () => {
  /** A claim whose text is these bytes, and then the same bytes as a name. */
  function withBytes(hex: string): Buffer[] {
    const bytes = Buffer.from(hex, 'hex')
    return [
      [`{${exp},"x":"a`, 'b"}'],
      [`{"x":"`, `",${exp}}`],
      [`{"a`, `":1,${exp}}`],
      [`{${exp},"x":["`, '"]}'],
    ].map(([before = '', after = '']) => Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]))
  }
  const like = [`{${exp},"x":"ab"}`, `{"x":"é",${exp}}`, `{"ab":1,${exp}}`, `{${exp},"x":["ü"]}`]

  it.each<[string, string]>([
    ['FF', 'ff'],
    ['FE', 'fe'],
    ['a continuation alone', '80'],
    ['two continuations', 'a9bf'],
    ['an overlong slash', 'c0af'],
    ['an overlong NUL', 'c080'],
    ['an overlong quote', 'c0a2'],
    ['an overlong backslash', 'c19c'],
    ['an overlong letter', 'c1a1'],
    ['three bytes for two', 'e083a9'],
    ['four bytes for one', 'f08080af'],
    ['four bytes for three', 'f08fbfbf'],
    ['the first half of a surrogate pair', 'eda080'],
    ['the last half of a surrogate pair', 'edbfbf'],
    ['both halves', 'eda0bdedb880'],
    ['beyond U+10FFFF', 'f4908080'],
    ['five bytes', 'f888808080'],
    ['two bytes without the second', 'c3'],
    ['three bytes without the third', 'e282'],
    ['four bytes without the fourth', 'f09f98'],
    ['Latin-1', 'e9'],
    ['a control character', '1f'],
    ['NUL', '00'],
  ])('that are %s are refused', (_, hex) => {
    for (const bytes of withBytes(hex)) expect(judge({ payload: bytes, like })).toBe('ERR_TOKEN_PAYLOAD')
    const head = Buffer.concat([
      Buffer.from('{"alg":"HS256","kid":"a","x":"'),
      Buffer.from(hex, 'hex'),
      Buffer.from('"}'),
    ])
    expect(judge({ header: head })).toBe('ERR_TOKEN_HEADER')
  })

  it.each([
    '7f',
    'c280',
    'dfbf',
    'e0a080',
    'efbfbd',
    'efbfbf',
    'ed9fbf',
    'ee8080',
    'f0908080',
    'f48fbfbf',
    'efbbbf',
  ])('%s are UTF-8 and accepted', hex => {
    for (const bytes of withBytes(hex)) expect(judge({ payload: bytes, like })).toBe('accepted')
  })

  it.each<[string, (text: string) => Uint8Array]>([
    ['a byte order mark', text => Buffer.concat([Buffer.from('efbbbf', 'hex'), Buffer.from(text)])],
    ['UTF-16', text => Buffer.from(text, 'utf16le')],
    ['UTF-16 with its mark', text => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['Latin-1 beyond ASCII', text => Buffer.from(text.replace('{', '{"é":1,'), 'latin1')],
    ['a byte cut off', text => Buffer.from(text).subarray(0, -1)],
    ['the text in base64', text => Buffer.from(Buffer.from(text).toString('base64'))],
  ])('with %s are refused', (_, change) => {
    expect(judge({ payload: change(payload), like: [payload] })).toBe('ERR_TOKEN_PAYLOAD')
    expect(judge({ header: change(header) })).toBe('ERR_TOKEN_HEADER')
  })
})
