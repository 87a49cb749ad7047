/** Tokens whose MAC is right: kids, and tokens without one. */
import { describe, expect, it } from 'vitest'
import { createKeySet, createVerifier, type KeySet } from '../src/token/index.ts'
import { forge, header, judge, keys, macOf, now, payload, encode } from './token-judgement.ts'

const headerWith = (kid: unknown): string => JSON.stringify({ alg: 'HS256', typ: 'JWT', kid })
const [{ secret }, { secret: second }, { secret: third }] = keys

/** Names that mean something to an object, a file system, a shell, a database or a terminal. */
const shapes = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
    'length',
  ],
  ...[
    '../../../dev/null',
    '/dev/null',
    '..\\..\\a',
    'file:///etc/hostname',
    'a/../a',
    './a',
    'a%00',
    'a\0',
    '%61',
    'a?x',
    'a#',
  ],
  ...[
    "a' OR '1'='1",
    "' UNION SELECT 'k' --",
    'a"; DROP TABLE keys',
    '| true',
    '$(true)',
    '`true`',
    '{"$ne":null}',
  ],
  ...[
    '$' + '{jndi:ldap://x}',
    '<script>',
    'a\r\nX: y',
    '\u001b[2J',
    '\u202ea',
    'a\u0301',
    'undefined',
    'null',
    '0',
    '-1',
    '*',
    '.*',
    '',
  ],
]

describe('kid', () => {
  it.each(shapes)('%j finds no key when none is named so', kid => {
    expect(judge({ header: headerWith(kid) })).toBe('ERR_KEY_NOT_FOUND')
  })

  it.each(shapes.filter(kid => kid !== ''))('%j finds the key that is named so, and no other', kid => {
    const named = { kid, alg: 'HS256', secret: second }
    const options = { keys: [keys[0], named, keys[2]] }
    expect(judge({ header: headerWith(kid), key: named, options, like: [payload] })).toBe('accepted')
    expect(judge({ header: headerWith(kid), options })).toBe('ERR_TOKEN_SIGNATURE')
    expect(judge({ header: headerWith(`${kid} `), key: named, options, like: [] })).toBe('ERR_KEY_NOT_FOUND')
  })

  it('is compared exactly', () => {
    const resembling = ['A', ' a', 'a ', 'aa', 'a\0', '\ufeffa', 'á', 'ａ', 'а', 'a\u200b', 'a.', 'kid:a']
    for (const kid of resembling)
      expect([kid, judge({ header: headerWith(kid) })]).toEqual([kid, 'ERR_KEY_NOT_FOUND'])
    const composed = { kid: '\u00e9', alg: 'HS256', secret }
    expect(judge({ header: headerWith('\u00e9'), options: { keys: [composed] } })).toBe('accepted')
    expect(judge({ header: '{"alg":"HS256","kid":"\\u00E9"}', options: { keys: [composed] } })).toBe(
      'accepted',
    )
    expect(judge({ header: headerWith('e\u0301'), options: { keys: [composed] }, like: [] })).toBe(
      'ERR_KEY_NOT_FOUND',
    )
  })

  it('is a string', () => {
    for (const kid of [
      null,
      true,
      false,
      0,
      1,
      97,
      [],
      ['a'],
      [['a']],
      {},
      { kid: 'a' },
      { a: 'a' },
      { length: 1, 0: 'a' },
    ])
      expect([kid, judge({ header: headerWith(kid) })]).toEqual([kid, 'ERR_TOKEN_HEADER'])
  })

  it('has at most 256 characters', () => {
    for (const [unit, times] of [
      ['k', 256],
      ['é', 256],
      ['😀', 128],
    ] as const) {
      const kid = unit.repeat(times)
      const options = { keys: [{ kid, alg: 'HS256', secret }] }
      expect(judge({ header: headerWith(kid), options })).toBe('accepted')
      expect(judge({ header: headerWith(kid) })).toBe('ERR_KEY_NOT_FOUND')
      expect(judge({ header: headerWith(`${kid}k`), options, like: [] })).toBe('ERR_TOKEN_HEADER')
    }
    for (const length of [257, 1_000, 5_000])
      expect(judge({ header: headerWith('a'.repeat(length)) })).toBe('ERR_TOKEN_HEADER')
  })

  it('names the key alone, so that no other key is tried', () => {
    for (const [kid, key] of [
      ['a', keys[1]],
      ['a', keys[2]],
      ['b', keys[0]],
    ] as const) {
      const { alg } = keys.find(each => each.kid === kid)!
      const token = forge(JSON.stringify({ alg, kid }), payload, { alg, secret: key.secret })
      expect(judge({ token, key: keys.find(each => each.kid === kid)! })).toBe('ERR_TOKEN_SIGNATURE')
    }
    const nameless = [{ alg: 'HS256', secret: second }, keys[0]]
    const token = forge(header, payload, nameless[0])
    expect(judge({ token, options: { keys: nameless } })).toBe('ERR_TOKEN_SIGNATURE')
  })

  it('is looked up before the signature is checked', () => {
    expect(judge({ token: forge(headerWith('nobody'), '') })).toBe('ERR_KEY_NOT_FOUND')
    expect(judge({ token: `${forge(headerWith('nobody'), payload).slice(0, -9)}AAAAAAAAA` })).toBe(
      'ERR_KEY_NOT_FOUND',
    )
  })
})

describe('a key set', () => {
  it('may verify another token while it is asked for keys', () => {
    const fixed = createKeySet(keys)
    const verifyOther = createVerifier({ keys, now: () => now })
    const longer = forge(
      '{"alg":"HS512","kid":"c"}',
      JSON.stringify({ exp: now + 60, x: 'x'.repeat(3_000) }),
      keys[2],
    )
    const asking = <Answer>(answer: Answer): Answer => {
      expect(verifyOther.result(longer)).toMatchObject({ ok: true })
      return answer
    }
    const busy: KeySet = {
      find: (kid, at) => asking(fixed.find(kid, at)),
      candidates: at => asking(fixed.candidates(at)),
    }
    const options = { keys: busy }
    expect(judge({ header, options })).toBe('accepted')
    expect(judge({ header: '{"alg":"HS256"}', options })).toBe('accepted')
    const [head = '', body = ''] = forge(header, payload).split('.')
    const wrong = `${head}.${body}.${longer.split('.')[2]?.slice(0, 43).replace(/.$/, 'A')}`
    expect(judge({ token: wrong, options })).toBe('ERR_TOKEN_SIGNATURE')
  })
})

describe('a token without kid', () => {
  const plain = '{"alg":"HS256","typ":"JWT"}'
  const ring = [
    { kid: 'a', alg: 'HS256', secret },
    { kid: 'x', alg: 'HS384', secret: 'x'.repeat(48) },
    { kid: 'b', alg: 'HS256', secret: second },
    { alg: 'HS256', secret: third },
  ] as const
  const options = { keys: ring }
  const judgePlain = (index: 0 | 2 | 3, body = payload): string =>
    judge({ header: plain, payload: body, key: { ...ring[index], alg: 'HS256' }, options, like: [payload] })

  it('is accepted by whichever key of its algorithm signed it', () => {
    for (const index of [0, 2, 3] as const) expect(judgePlain(index)).toBe('accepted')
    const other = forge(plain, payload, { ...ring[1], alg: 'HS256' })
    expect(judge({ token: other, header: plain, options, like: [payload] })).toBe('ERR_TOKEN_SIGNATURE')
    const key = ring[1]
    expect(judge({ header: '{"alg":"HS384"}', key, options, like: [payload] })).toBe('accepted')
    expect(judge({ header: '{"alg":"HS512"}', key: keys[2], options, like: [] })).toBe('ERR_TOKEN_ALGORITHM')
  })

  it('keeps the code of its claims once a key fits', () => {
    const faults: [string, string][] = [
      ['{', 'ERR_TOKEN_PAYLOAD'],
      [`{"exp":${now + 60},"exp":${now + 60}}`, 'ERR_TOKEN_PAYLOAD'],
      ['{"exp":"x"}', 'ERR_TOKEN_CLAIM'],
      ['{}', 'ERR_TOKEN_CLAIM'],
      ['{"exp":1}', 'ERR_TOKEN_EXPIRED'],
      [`{"exp":${now + 60},"nbf":${now + 1}}`, 'ERR_TOKEN_NOT_YET_VALID'],
      [`{"exp":${now + 60},"iat":${now + 1}}`, 'ERR_TOKEN_ISSUED_IN_FUTURE'],
    ]
    for (const [body, code] of faults)
      for (const index of [0, 2, 3] as const) expect(judgePlain(index, body)).toBe(code)
  })

  it('has one code when no key fits, whatever it claims', () => {
    const stranger = { alg: 'HS256', secret: 'stranger'.repeat(8) }
    for (const body of [payload, '{', '{"exp":1}', ''])
      expect(judge({ token: forge(plain, body, stranger), options, header: plain, like: [payload] })).toBe(
        'ERR_TOKEN_SIGNATURE',
      )
  })

  it('is refused where a kid is required, and an empty kid is none that is known', () => {
    const required = { ...options, requireKid: true }
    expect(judge({ header: plain, options: required, key: ring[0], like: [] })).toBe('ERR_TOKEN_KID_REQUIRED')
    expect(judge({ header: header, options: required, key: ring[0] })).toBe('accepted')
    expect(judge({ header: '{"alg":"HS256","kid":""}', options: required })).toBe('ERR_KEY_NOT_FOUND')
    expect(judge({ header: '{"alg":"HS256","kid":""}', options })).toBe('ERR_KEY_NOT_FOUND')
    expect(judge({ header: '{"alg":"HS256","kid":null}', options })).toBe('ERR_TOKEN_HEADER')
    expect(judge({ header: '{"alg":"HS256","Kid":"a"}', options: required, like: [] })).toBe(
      'ERR_TOKEN_KID_REQUIRED',
    )
  })

  it('is not the token with a kid under the same MAC', () => {
    const [, body = '', mac = ''] = forge(header, payload).split('.')
    expect(judge({ token: `${encode(plain)}.${body}.${mac}`, options, like: [payload] })).toBe(
      'ERR_TOKEN_SIGNATURE',
    )
    const bare = macOf(`${encode(plain)}.${body}`)
    expect(judge({ token: `${encode(header)}.${body}.${encode(bare)}`, options, like: [payload] })).toBe(
      'ERR_TOKEN_SIGNATURE',
    )
  })
})
