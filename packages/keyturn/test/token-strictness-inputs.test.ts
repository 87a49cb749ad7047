/** What is no string is no token, and what stands on Object.prototype is no part of one. */
import { spawnSync } from 'node:child_process'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { createVerifier } from '../src/token/index.ts'
import { claims, forge, header, judge, keys, now, payload, type Case } from './token-judgement.ts'

const good = forge(header, payload)
const read = (): string => good

/** Has every method and every index of the token, and is none. */
const lookalike = Object.create(String.prototype, {
  ...Object.getOwnPropertyDescriptors(Object(good)),
  toString: { value: read },
  valueOf: { value: read },
}) as object

/** Fails at whatever is done with it. */
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error('touched')
    },
    getPrototypeOf: () => {
      throw new Error('touched')
    },
    has: () => {
      throw new Error('touched')
    },
  },
)

describe('a token', () => {
  it('is a string', () => {
    expect(judge({ token: good, like: [payload] })).toBe('accepted')
    const primitives = [
      undefined,
      null,
      NaN,
      0,
      42,
      -1,
      Infinity,
      true,
      false,
      1n,
      Symbol(good),
      Symbol.iterator,
    ]
    const objects = [
      {},
      [],
      [good],
      [[good]],
      good.split('.'),
      [...good],
      { token: good },
      { 0: good, length: 1 },
    ]
    const readable = [
      Object(good),
      { toString: read },
      { valueOf: read },
      { [Symbol.toPrimitive]: read },
      read,
    ]
    const others = [
      Buffer.from(good),
      new Date(0),
      /x/,
      new Map(),
      Promise.resolve(good),
      Object.create(null),
      lookalike,
      hostile,
    ]
    for (const token of [...primitives, ...objects, ...readable, ...others])
      expect(judge({ token, like: [payload] })).toBe('ERR_TOKEN_MALFORMED')
  })

  it('that is missing is refused, too', () => {
    const verify = createVerifier({ keys, now: () => now }) as unknown as { (): unknown; result(): unknown }
    expect(verify.result()).toEqual({ ok: false, code: 'ERR_TOKEN_MALFORMED' })
    expect(() => verify()).toThrow(expect.objectContaining({ code: 'ERR_TOKEN_MALFORMED' }))
  })
})

/** Judges while Object.prototype has these members, as an assignment of `__proto__` members leaves them. */
function judgePolluted(members: object, given: Case): string {
  const within = (call: () => string): string => {
    for (const [name, value] of Object.entries(Object.getOwnPropertyDescriptors(members)))
      Object.defineProperty(Object.prototype, name, { ...value, enumerable: true, configurable: true })
    try {
      return call()
    } finally {
      for (const name of Object.keys(members)) Reflect.deleteProperty(Object.prototype, name)
    }
  }
  return judge({ ...given, within })
}

describe('Object.prototype', () => {
  it.each<[string, object, Case, string]>([
    ['exp', { exp: now + 60 }, { payload: '{}' }, 'ERR_TOKEN_CLAIM'],
    ['exp', { exp: now + 60 }, { payload: '{"sub":"a"}' }, 'ERR_TOKEN_CLAIM'],
    ['exp', { exp: now + 60 }, { payload: '{"exp":1}' }, 'ERR_TOKEN_EXPIRED'],
    [
      'iat',
      { iat: now },
      { payload: `{"exp":${now + 60}}`, options: { maxAgeSeconds: 100 } },
      'ERR_TOKEN_CLAIM',
    ],
    [
      'iss',
      { iss: claims.iss },
      { payload: `{"exp":${now + 60}}`, options: { issuer: claims.iss } },
      'ERR_TOKEN_ISSUER',
    ],
    [
      'aud',
      { aud: 'web' },
      { payload: `{"exp":${now + 60}}`, options: { audience: 'web' } },
      'ERR_TOKEN_AUDIENCE',
    ],
    [
      'sub',
      { sub: 'user-1' },
      { payload: `{"exp":${now + 60}}`, options: { subject: 'user-1' } },
      'ERR_TOKEN_SUBJECT',
    ],
    ['alg', { alg: 'HS256' }, { header: '{"kid":"a"}' }, 'ERR_TOKEN_HEADER'],
    ['alg', { alg: 'HS384' }, { header: '{"alg":"HS256","kid":"a"}' }, 'accepted'],
    [
      'kid',
      { kid: 'a' },
      { header: '{"alg":"HS256"}', options: { requireKid: true }, like: [] },
      'ERR_TOKEN_KID_REQUIRED',
    ],
    ['kid', { kid: 'nobody' }, { header: '{"alg":"HS256"}' }, 'accepted'],
    ['kid', { kid: 'b' }, { header: '{"alg":"HS256","typ":"JWT"}', key: keys[0] }, 'accepted'],
    ['typ', { typ: 'JWE' }, { header: '{"alg":"HS256"}' }, 'accepted'],
    [
      'a name that is a kid',
      { nobody: keys[0] },
      { header: '{"alg":"HS256","kid":"nobody"}' },
      'ERR_KEY_NOT_FOUND',
    ],
    ['crit', { crit: ['exp'], b64: false, jwk: {}, zip: 'DEF', cty: 'JWT' }, {}, 'accepted'],
    ['times', { exp: 1, nbf: 9e9, iat: 9e9 }, { payload: `{"exp":${now + 60}}` }, 'accepted'],
    [
      'wrong types',
      { iss: 1, sub: 1, aud: 1, jti: 1, nbf: 'x', iat: 'x' },
      { payload: `{"exp":${now + 60}}` },
      'accepted',
    ],
    ['a verdict', { ok: true, payload: {}, code: 'x' }, { payload: '{"exp":1}' }, 'ERR_TOKEN_EXPIRED'],
    ['a verdict', { ok: false, code: 'x' }, {}, 'accepted'],
    [
      'a name of a claim',
      { sub: 'other', role: 'admin', x: { y: 1 } },
      { payload: `{"exp":${now + 60},"sub":"a","x":{}}` },
      'accepted',
    ],
    [
      'indices',
      { 0: 'x', 1: 'y', length: 7 },
      { payload: `{"exp":${now + 60},"0":[],"x":[[],{}]}` },
      'accepted',
    ],
    ['duplicates', { a: 1 }, { payload: `{"exp":${now + 60},"a":1}` }, 'accepted'],
  ])('lends %s to no token: %j', (_, members, given, verdict) => {
    expect(judgePolluted(members, given)).toBe(verdict)
  })

  it('takes no claim away with a setter', () => {
    const stolen: unknown[] = []
    const members = {
      get sub() {
        return 'thief'
      },
      set sub(value: unknown) {
        stolen.push(value)
      },
      set exp(value: unknown) {
        stolen.push(value)
      },
      set kid(value: unknown) {
        stolen.push(value)
      },
    }
    expect(judgePolluted(members, {})).toBe('accepted')
    expect(stolen).toEqual([])
  })

  it('may be frozen, with all others, and nothing changes', () => {
    const bodies = [
      '{"toString":1,"valueOf":"a","hasOwnProperty":null}',
      '{"constructor":1}',
      '{"__proto__":1}',
      '{"sub":"a"}',
      '{',
    ]
    const heads = [
      header,
      '{"alg":"HS256"}',
      '{"alg":"HS256","kid":"a","toString":[{"valueOf":1}]}',
      '{"alg":"HS256","kid":"toString"}',
    ]
    const tokens = [...bodies, payload].flatMap(body => heads.map(head => forge(head, body)))
    const options = { keys, requireExp: false, cache: { entries: 100 } }
    const verify = createVerifier({ ...options, now: () => now })
    const expected = tokens.map(token => verify.result(token))
    expect(expected.filter(result => result.ok)).toHaveLength(9)
    expect(frozen({ tokens, options })).toEqual([...expected, ...expected, ...expected])
  })
})

/** What a process answers in which everything is frozen before the library is loaded. */
function frozen(given: { tokens: readonly string[]; options: object }): unknown {
  const built = buildSync({
    entryPoints: [new URL('../src/token/index.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  })
  const program = `'use strict'
    require('node:crypto')
    for (const each of [Object, Array, String, Number, Boolean, Function, Map, Set, RegExp, Error, Uint8Array, JSON, Math, Reflect])
      Object.freeze(each.prototype), Object.freeze(each)
    ;(function () { ${built.outputFiles[0]?.text} })()
    const { tokens, options } = ${JSON.stringify(given)}
    const verify = module.exports.createVerifier({ ...options, now: () => ${now} })
    const results = [...tokens, ...tokens, ...tokens].map(token => verify.result(token))
    const sign = module.exports.createSigner({ key: options.keys[0], now: () => ${now} })
    if (!verify.result(sign({ toString: 1, valueOf: {} })).ok) throw new Error('refuses what it signs')
    console.log(JSON.stringify(results))`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-'], { input: program, encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}
