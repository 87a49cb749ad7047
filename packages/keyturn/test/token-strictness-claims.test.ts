/** Tokens whose MAC is right: types of registered claims, issuer, audience, subject. */
import { describe, expect, it } from 'vitest'
import type { VerifierOptions } from '../src/token/index.ts'
import { judge, now } from './token-judgement.ts'

const exp = `"exp":${now + 60}`
const judgeMember = (member: string, options: Partial<VerifierOptions> = {}): string[] =>
  [`{${exp},${member}}`, `{${member},${exp}}`, `{"role":"agent",${member},${exp},"z":[1]}`].map(payload =>
    judge({ payload, options }),
  )
const each = (verdict: string): string[] => [verdict, verdict, verdict]

describe('types', () => {
  const never = ['null', 'true', 'false', '{}', '{"a":1}', '[[]]', '[["a"]]', '[{}]', '[null]']

  it.each(['iss', 'sub', 'jti'])('%s is a string', name => {
    for (const value of [...never, '0', '1', '-1.5', '[]', '["a"]', '["a","b"]', '{"length":1}'])
      expect([value, judgeMember(`"${name}":${value}`)]).toEqual([value, each('ERR_TOKEN_CLAIM')])
    for (const value of ['""', '"a"', '"é😀"', '"\\u0000"', '"null"', '"\\ud800"', `"${'x'.repeat(2_000)}"`])
      expect([value, judgeMember(`"${name}":${value}`)]).toEqual([value, each('accepted')])
  })

  it('aud is a string or a list of strings', () => {
    for (const value of [
      ...never,
      '0',
      '1',
      '[1]',
      '["a",1]',
      '["a",null]',
      '["a",["b"]]',
      '[1,"a"]',
      '["a",{}]',
      '[true]',
    ])
      expect([value, judgeMember(`"aud":${value}`)]).toEqual([value, each('ERR_TOKEN_CLAIM')])
    for (const value of ['""', '"a"', '[]', '[""]', '["a"]', '["a","a"]', `[${'"a",'.repeat(500)}"b"]`])
      expect([value, judgeMember(`"aud":${value}`)]).toEqual([value, each('accepted')])
  })

  it.each(['exp', 'nbf', 'iat'])('%s is a number within the safe range', name => {
    const judgeTime = (value: string): string[] =>
      name === 'exp'
        ? [`{"exp":${value}}`, `{"sub":"a","exp":${value}}`, `{"exp":${value},"sub":"a"}`].map(payload =>
            judge({ payload }),
          )
        : judgeMember(`"${name}":${value}`)
    const texts = [
      '""',
      '"1000060"',
      '"x"',
      '" "',
      '"2030-01-01T00:00:00Z"',
      '"1e9"',
      '"NaN"',
      '[1000060]',
      '[]',
      '{"seconds":1}',
    ]
    const large = [
      '9007199254740992',
      '9007199254740993',
      '-9007199254740992',
      '9007199254740991.5',
      '1e16',
      '-1e17',
      '1e308',
      '-1e308',
    ]
    for (const value of [...never, ...texts, ...large])
      expect([value, judgeTime(value)]).toEqual([value, each('ERR_TOKEN_CLAIM')])
    for (const value of [
      '1e999',
      '-1e999',
      'NaN',
      'Infinity',
      '01000060',
      '+1000060',
      '0xf4280',
      '1000060.',
      '1_000_060',
    ])
      expect([value, judgeTime(value)]).toEqual([value, each('ERR_TOKEN_PAYLOAD')])
  })

  it('come before whose token it is, and that before its times', () => {
    const options = { issuer: 'https://api.example', audience: 'web', subject: 'user-1' }
    const faults: [string, string][] = [
      ['{"iss":"x","aud":"x","sub":"x","exp":1,"nbf":9e9,"iat":"x"}', 'ERR_TOKEN_CLAIM'],
      ['{"iss":"x","aud":"x","sub":"x","exp":1,"nbf":9e9,"iat":9e9}', 'ERR_TOKEN_ISSUER'],
      ['{"iss":"https://api.example","aud":"x","sub":"x","exp":1}', 'ERR_TOKEN_AUDIENCE'],
      ['{"iss":"https://api.example","aud":"web","sub":"x","exp":1}', 'ERR_TOKEN_SUBJECT'],
      [
        '{"iss":"https://api.example","aud":"web","sub":"user-1","exp":1,"nbf":9e9,"iat":9e9}',
        'ERR_TOKEN_EXPIRED',
      ],
      [
        '{"iss":"https://api.example","aud":"web","sub":"user-1","exp":9e9,"nbf":9e9,"iat":9e9}',
        'ERR_TOKEN_NOT_YET_VALID',
      ],
    ]
    for (const [payload, code] of faults)
      expect([payload, judge({ payload, options })]).toEqual([payload, code])
  })

  it('of names that only resemble registered ones are free', () => {
    for (const name of ['Exp', 'EXP', 'exp ', ' iss', 'is', 'isss', 'audience', 'nb', 'a.exp', 'ex\\u0070p'])
      expect(judgeMember(`"${name}":[null]`)).toEqual(each('accepted'))
    expect(judgeMember('"x":{"exp":1,"iss":null,"aud":[1],"nbf":"x"}')).toEqual(each('accepted'))
    expect(judgeMember('"x":[{"exp":1}]')).toEqual(each('accepted'))
  })

  it('are checked by the name that an escape spells', () => {
    expect(judge({ payload: '{"\\u0065xp":1}' })).toBe('ERR_TOKEN_EXPIRED')
    expect(judge({ payload: `{"\\u0065xp":${now + 60}}` })).toBe('accepted')
    expect(judgeMember('"i\\u0073s":1')).toEqual(each('ERR_TOKEN_CLAIM'))
    expect(judgeMember('"iss":"x","n\\u0062f":9e9')).toEqual(each('ERR_TOKEN_NOT_YET_VALID'))
  })
})

describe('issuer', () => {
  const options = { issuer: 'https://api.example' }

  it('is equal, character for character', () => {
    expect(judgeMember('"iss":"https://api.example"', options)).toEqual(each('accepted'))
    expect(judgeMember('"iss":"https:\\/\\/api.ex\\u0061mple"', options)).toEqual(each('accepted'))
    const others = [
      '',
      'https://api.example/',
      'https://api.exampl',
      'HTTPS://api.example',
      ' https://api.example',
    ]
    const more = [
      'https://api.example\\u0000',
      'https://api.example.evil',
      'https://evil/https://api.example',
      'https://api。example',
    ]
    for (const iss of [...others, ...more])
      expect([iss, judgeMember(`"iss":"${iss}"`, options)]).toEqual([iss, each('ERR_TOKEN_ISSUER')])
    for (const member of ['"sub":"a"', '"issuer":"https://api.example"', '"x":{"iss":"https://api.example"}'])
      expect(judgeMember(member, options)).toEqual(each('ERR_TOKEN_ISSUER'))
    expect(judgeMember('"iss":["https://api.example"]', options)).toEqual(each('ERR_TOKEN_CLAIM'))
  })

  it('is compared without normalisation', () => {
    for (const payload of [`{${exp},"iss":"e\u0301"}`, `{${exp},"iss":"e\\u0301"}`])
      expect(judge({ payload, options: { issuer: '\u00e9' }, like: [`{${exp},"iss":"\u00e9"}`] })).toBe(
        'ERR_TOKEN_ISSUER',
      )
  })
})

describe('subject', () => {
  it('is equal, character for character', () => {
    const options = { subject: 'user-1' }
    expect(judgeMember('"sub":"user-1"', options)).toEqual(each('accepted'))
    for (const sub of ['', 'user-', 'user-11', 'User-1', 'user-1 ', 'user\u20101'])
      expect([sub, judgeMember(`"sub":"${sub}"`, options)]).toEqual([sub, each('ERR_TOKEN_SUBJECT')])
    expect(judgeMember('"x":"user-1"', options)).toEqual(each('ERR_TOKEN_SUBJECT'))
    expect(judgeMember('"sub":["user-1"]', options)).toEqual(each('ERR_TOKEN_CLAIM'))
  })
})

describe('audience', () => {
  it.each<[string, string | string[]]>([
    ['one', 'web'],
    ['a list of one', ['web']],
    ['a list', ['app', 'web']],
  ])('that is %s is looked for among those of the token', (_, audience) => {
    const options = { audience }
    for (const aud of ['"web"', '["web"]', '["x","web"]', '["web","x","y"]', '["web","web"]', '"w\\u0065b"'])
      expect([aud, judgeMember(`"aud":${aud}`, options)]).toEqual([aud, each('accepted')])
    const others = [
      '""',
      '"we"',
      '"web "',
      '"Web"',
      '"webapp"',
      '"web,x"',
      '"web x"',
      '[]',
      '[""]',
      '["we","eb"]',
      '["w","e","b"]',
    ]
    for (const aud of [...others, '"__proto__"', '"0"', '"length"', '["includes"]'])
      expect([aud, judgeMember(`"aud":${aud}`, options)]).toEqual([aud, each('ERR_TOKEN_AUDIENCE')])
    expect(judgeMember('"sub":"web"', options)).toEqual(each('ERR_TOKEN_AUDIENCE'))
    for (const aud of ['["web",1]', '{"0":"web"}', '[["web"]]', 'null'])
      expect([aud, judgeMember(`"aud":${aud}`, options)]).toEqual([aud, each('ERR_TOKEN_CLAIM')])
  })

  it('may be met by any of several', () => {
    const options = { audience: ['web', 'app'] }
    for (const aud of ['"app"', '["app"]', '["x","app"]'])
      expect([aud, judgeMember(`"aud":${aud}`, options)]).toEqual([aud, each('accepted')])
    for (const aud of ['"web,app"', '["webapp"]', '["x"]'])
      expect([aud, judgeMember(`"aud":${aud}`, options)]).toEqual([aud, each('ERR_TOKEN_AUDIENCE')])
  })

  it('of a token is free where none is expected', () => {
    for (const aud of ['"x"', '[]', '["x","y"]'])
      expect(judgeMember(`"aud":${aud}`)).toEqual(each('accepted'))
  })
})
