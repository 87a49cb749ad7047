/** canonicalJson: the examples of RFC 8785 that fit a ring: text, whole numbers, lists and records. */
import { expect, it } from 'vitest'
import { canonicalJson } from './canonical.ts'

it('sorts members by UTF-16 code units, as RFC 8785 section 3.2.3 does', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  const order = [...canonicalJson(value).matchAll(/:"([^"]*)"/g)].map(match => match[1])
  expect(order).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

it('writes text as RFC 8785 section 3.2.2 does', () => {
  const text: unknown = JSON.parse(String.raw`"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"`)
  expect(canonicalJson({ string: text, literals: [null, true, false] })).toBe(
    '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

it.each([
  [0, '0'],
  [-0, '0'],
  [9007199254740991, '9007199254740991'],
  [-9007199254740991, '-9007199254740991'],
])('writes the whole number %s as %s', (number, text) => {
  expect(canonicalJson(number)).toBe(text)
})

it.each([
  [[], '[]'],
  [{}, '{}'],
  [{ b: [{ d: 1, c: '' }], a: {} }, '{"a":{},"b":[{"c":"","d":1}]}'],
])('leaves no white space and sorts at every depth: %j', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

it('leaves out members that are undefined, so that absent is written in one way', () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
})

it('is the same for every order of members, and JSON of the same value', () => {
  const value = { z: 1, a: { y: [3, 1, 2], b: 'text' }, '': null }
  const other = { '': null, a: { b: 'text', y: [3, 1, 2] }, z: 1 }
  expect(canonicalJson(value)).toBe(canonicalJson(other))
  expect(JSON.parse(canonicalJson(value))).toEqual(value)
})
