/** Random claims, keys and kids within our bounds, for tests with other libraries. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import type { Algorithm } from '../src/token/index.ts'
import { isJsonParseRight } from './token-reference.ts'

/** Something to sign. */
export interface ClaimSet {
  readonly claims: Readonly<Record<string, unknown>>
  readonly alg: Algorithm
  readonly secret: string | Uint8Array
  readonly kid: string | undefined
}

const seconds = Math.floor(Date.now() / 1000)
const registered = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']
const forbidden = ['__proto__', 'constructor', 'prototype']

/** Any text: all of Unicode, what JSON must escape, and halves of surrogate pairs. */
const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom('"', '\\', '/', '\b', '\n', '\u2028', '\x7f', 'é') }),
  },
  { weight: 1, arbitrary: fc.constantFrom('\ud800', 'a\udfff', '\\u0041', '{"a":1}', '\0', '\ufeff', '😀') },
)

const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    1e21,
    1e-7,
    5e-324,
    0.1 + 0.2,
    -1.5,
    Number.MAX_VALUE,
    2 ** 53,
    -(2 ** 53) - 2,
    123456789012345680000,
  ),
)

const { json } = fc.letrec<{ json: unknown; list: unknown[]; object: Record<string, unknown> }>(tie => ({
  json: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    { weight: 3, arbitrary: fc.oneof(text, number, fc.boolean(), fc.constant(null)) },
    { weight: 1, arbitrary: tie('list') },
    { weight: 1, arbitrary: tie('object') },
  ),
  list: fc.array(tie('json'), { maxLength: 5 }),
  object: fc.dictionary(nameBut(forbidden), tie('json'), { maxKeys: 5 }),
}))

/** Without a backslash where libraries that read claims with JSON.parse would read another name. */
function nameBut(excluded: readonly string[]): fc.Arbitrary<string> {
  return fc
    .oneof(
      { weight: 9, arbitrary: text },
      { weight: 1, arbitrary: fc.constantFrom('toString', '0', '', 'ex', 'exp ') },
    )
    .filter(name => !excluded.includes(name) && (isJsonParseRight || !name.includes('\\')))
}

const secondsBetween = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min, max }) },
    { weight: 1, arbitrary: fc.integer({ min: min * 8, max: max * 8 }).map(eighths => eighths / 8) },
  )

const claims = fc
  .record(
    {
      rest: fc.dictionary(nameBut([...registered, ...forbidden]), json, { maxKeys: 10 }),
      iss: text,
      sub: text,
      jti: text,
      aud: fc.oneof(text, fc.array(text, { maxLength: 4 })),
      nbf: secondsBetween(0, seconds),
      exp: secondsBetween(seconds + 900, seconds + 900_000),
      iat: secondsBetween(seconds - 900_000, seconds),
    },
    { requiredKeys: ['rest', 'exp', 'iat'] },
  )
  .map(({ rest, ...known }): Record<string, unknown> => ({ ...rest, ...known }))

const algAndSize = fc.constantFrom<[Algorithm, number][]>(
  ['HS256', 32],
  ['HS256', 64],
  ['HS256', 65],
  ['HS384', 48],
  ['HS384', 128],
  ['HS512', 64],
  ['HS512', 129],
  ['HS512', 200],
)

const key = algAndSize.chain(([alg, size]) =>
  fc.oneof<fc.Arbitrary<Pick<ClaimSet, 'alg' | 'secret'>>[]>(
    fc.constant(size).map(bytes => ({ alg, secret: randomBytes(bytes) })),
    fc.string({ unit: 'binary', minLength: size, maxLength: size }).map(secret => ({ alg, secret })),
  ),
)

/** What makes a token nearly as long as a verifier accepts; mostly nothing does. */
const filler = fc.oneof(
  { weight: 24, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('x', '"', '\\', '\u0000', 'é', '漢', '😀', ' ') },
)

const kid = fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { nil: undefined, freq: 2 })

/** Claim sets whose tokens have at most 8,192 bytes, a few of them nearly that many. */
export const claimSets: fc.Arbitrary<ClaimSet> = fc
  .record({ claims, key, filler, kid })
  .map(set => ({ ...set.key, kid: set.kid, claims: filled(set.claims, set.filler, roomFor(set.kid)) }))
  .filter(set => escapedSize(set.claims) <= roomFor(set.kid))

/** Bytes that are left for the claims beside the longest signature. Not all: others write numbers at more length. */
function roomFor(kid: string | undefined): number {
  const header = Math.ceil((escapedSize({ alg: 'HS256', typ: 'JWT', kid }) / 3) * 4)
  return Math.floor(((8192 - 86 - 2 - header) * 3) / 4) - 100
}

function filled(
  given: Record<string, unknown>,
  unit: string | undefined,
  room: number,
): Record<string, unknown> {
  if (unit === undefined) return given
  const left = room - escapedSize({ ...given, filler: '' })
  return { ...given, filler: unit.repeat(Math.max(0, Math.floor(left / (escapedSize(unit) - 2)))) }
}

/** Bytes as JSON, written with ASCII alone, as Python does. */
function escapedSize(value: unknown): number {
  return JSON.stringify(value).replace(/[^\0-\x7f]/g, '\\u0000').length
}
