/** Values as we write them, read by the programs that read such files. */
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { firstRing } from '../../../test/sample-rings.ts'
import { decodeDocument, encodeDocument } from '../ring-variables.ts'
import { quoted, valuesOf } from './dotenv.ts'

type Values = Record<string, string>

const python = '/usr/bin/python3'
/** Splits as a shell does, without being one. */
const program = `
import json, shlex, sys
words = shlex.split(open(sys.argv[1], encoding='utf-8').read(), comments=True)
print(json.dumps(dict(word.split('=', 1) for word in words)))
`
const shell = `set -a; . "$1"; exec "$2" -e 'process.stdout.write(JSON.stringify(process.env))'`

function asShell(text: string): Values {
  const file = join(temporaryFolder(), 'variables')
  writeFileSync(file, text)
  const env = { PATH: process.env.PATH }
  return JSON.parse(
    execFileSync('/bin/sh', ['-c', shell, 'sh', file, process.execPath], { env, encoding: 'utf8' }),
  ) as Values
}

function asPython(text: string): Values {
  const file = join(temporaryFolder(), 'variables')
  writeFileSync(file, text)
  return JSON.parse(execFileSync(python, ['-c', program, file], { encoding: 'utf8' })) as Values
}

const written = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('')

function expectAgreement(values: Values): void {
  const text = written(values)
  expect(Object.fromEntries(valuesOf(text))).toEqual(values)
  expect(parseEnv(text)).toEqual(values)
  expect(asShell(text)).toMatchObject(values)
  if (existsSync(python)) expect(asPython(text)).toEqual(values)
}

const isQuotable = (value: string): boolean => {
  try {
    quoted(value)
    return true
  } catch {
    return false
  }
}

const character = fc.oneof(
  fc.constantFrom(...' \t\n#$\\"\'`=%!&;|<>(){}[]*?~^,.:/@+-_aZ09'),
  fc.constantFrom('é', 'ß', '€', '字', '🔑', '\u00a0', '\u2028', '\ufeff', 'export '),
)
const anyValue = fc
  .oneof(fc.string({ unit: character, maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 30 }))
  .filter(value => isQuotable(value))

const nastyReasons = [
  "it's 5 o'clock",
  'say "no"',
  `a # is no comment; $HOME, \${HOME}, $(id), \`id\``,
  'back\\slash, \\n, \\\\',
  'line\nbreak\r\nand\ttab',
  'emoji 🔑🔥, umlaut ü, 字, nbsp\u00a0, separator\u2028',
  "%41 100% %%27 '\"'\"'",
  ' leading, trailing ',
  '{"json":"inside"}, <b>&amp;</b>, !!, ~, *, \u0007',
]

describe('quoted', () => {
  it('leaves plain values as they are', () => {
    for (const value of ['', 'abc', 'a-b_c', 'A+b/c=', 'a,b', 'https://x.y:1/@z%20'])
      expect(quoted(value)).toBe(value)
  })

  it('uses single quotes, and double quotes only around a single one', () => {
    expect(quoted('a b')).toBe("'a b'")
    expect(quoted('{"v":1}')).toBe(`'{"v":1}'`)
    expect(quoted("it's")).toBe(`"it's"`)
  })

  it('refuses what readers would not agree on', () => {
    for (const value of [`it's "x"`, `it's $x`, "it's `x`", "it's \\x", 'a\rb', 'a\0b'])
      expect(() => quoted(value)).toThrow(RangeError)
  })

  it('gives every value back to every reader', () => {
    const values = fc.sample(anyValue, { numRuns: 600, seed: 1 })
    expectAgreement(Object.fromEntries(values.map((value, index) => [`V${index}`, value])))
  })

  it('gives any value back to our reader and to Node', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 5 }), list => {
        const values = Object.fromEntries(list.map((value, index) => [`V${index}`, value]))
        expect(Object.fromEntries(valuesOf(written(values)))).toEqual(values)
        expect(parseEnv(written(values))).toEqual(values)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('JWT_KEYRING', () => {
  it('reads the same in every reader, whatever the reason says', () => {
    const documents = nastyReasons.map(reason => firstRing({ reason }).document)
    const values = Object.fromEntries(
      documents.map((document, index) => [`R${index}`, encodeDocument(document)]),
    )
    expectAgreement(values)
    const found = asShell(written(values))
    documents.forEach((document, index) => {
      expect(decodeDocument(found[`R${index}`] ?? '', 'JWT_KEYRING')).toEqual(document)
    })
  })

  it('holds no character that any reader could stumble over', () => {
    const text = fc.string({ unit: fc.oneof(character, fc.constantFrom('\r', '\0')), maxLength: 40 })
    fc.assert(
      fc.property(text, reason => {
        const { document } = firstRing({ reason })
        const encoded = encodeDocument(document)
        expect(encoded).toMatch(/^[\w"{}[\]:,.%/@=+~-]+$/)
        expect(decodeDocument(encoded, 'JWT_KEYRING')).toEqual(document)
      }),
      { numRuns: 300 },
    )
  })
})
