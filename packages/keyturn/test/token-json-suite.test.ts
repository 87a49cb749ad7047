/** JSONTestSuite: what must parse, what must not, and what may. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../src/token/base64url.ts'
import { parseSegment } from '../src/token/json.ts'
import { NotJson } from '../src/token/json-value.ts'
import { vectorPath } from './token-vectors.ts'

const folder = vectorPath('json-test-suite/test_parsing/')
const files = readdirSync(folder).sort()
const read = (name: string): Uint8Array => readFileSync(new URL(encodeURIComponent(name), folder))
const starting = (letter: string): string[] => files.filter(name => name.startsWith(letter))

/** The value in a list, or an empty list when the text is refused. */
function parse(name: string): unknown[] {
  const value = parseSegment(encodeBase64url(read(name)), false)
  return value instanceof NotJson ? [] : [value]
}

describe('JSONTestSuite', () => {
  it('refuses 188 of 188 texts that are not JSON', () => {
    expect(starting('n')).toHaveLength(188)
    expect(starting('n').filter(name => parse(name).length > 0)).toEqual([])
  })

  it('accepts 93 of 95 texts that are JSON; two have a name twice', () => {
    expect(starting('y')).toHaveLength(95)
    expect(starting('y').filter(name => parse(name).length === 0)).toEqual([
      'y_object_duplicated_key.json',
      'y_object_duplicated_key_and_value.json',
    ])
  })

  it('reads what it accepts as JSON.parse does', () => {
    for (const name of [...starting('y'), ...starting('i')])
      for (const value of parse(name))
        expect([name, value]).toStrictEqual([name, JSON.parse(String(new TextDecoder().decode(read(name))))])
  })

  it('of the 35 texts that are left open, refuses what is no UTF-8, not finite or too deep', () => {
    expect(starting('i')).toHaveLength(35)
    expect(starting('i').filter(name => parse(name).length > 0)).toMatchInlineSnapshot(`
      [
        "i_number_double_huge_neg_exp.json",
        "i_number_real_underflow.json",
        "i_number_too_big_neg_int.json",
        "i_number_too_big_pos_int.json",
        "i_number_very_big_negative_int.json",
        "i_object_key_lone_2nd_surrogate.json",
        "i_string_1st_surrogate_but_2nd_missing.json",
        "i_string_1st_valid_surrogate_2nd_invalid.json",
        "i_string_incomplete_surrogate_and_escape_valid.json",
        "i_string_incomplete_surrogate_pair.json",
        "i_string_incomplete_surrogates_escape_valid.json",
        "i_string_invalid_lonely_surrogate.json",
        "i_string_invalid_surrogate.json",
        "i_string_inverted_surrogates_U+1D11E.json",
        "i_string_lone_second_surrogate.json",
      ]
    `)
  })
})
