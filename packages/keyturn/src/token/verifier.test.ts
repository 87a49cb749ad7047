/** createVerifier: the order of its checks, its options, and the two ways it answers. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { KeyturnError, TokenError } from '../errors.ts'
import { encodeBase64url } from './base64url.ts'
import { HmacKey } from './hmac.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import { createSigner } from './signer.ts'
import { createVerifier, type VerifierOptions } from './verifier.ts'

const secret = randomBytes(64)
const now = (): number => 1_000_000
const keys = [{ kid: 'a', alg: 'HS256', secret }]
const mac = new HmacKey('HS256', secret)

/** Signs whatever it is given, as a careless issuer would. */
function forge(header: unknown, payload: unknown): string {
  const [first, second] = [header, payload].map(part =>
    encodeBase64url(typeof part === 'string' ? part : JSON.stringify(part)),
  )
  return `${first}.${second}.${mac.macOf(Buffer.from(`${first}.${second}`))}`
}
const header = { alg: 'HS256', kid: 'a' }
const claims = { exp: 1_000_060, iat: 1_000_000, iss: 'i', aud: 'x', sub: 's' }

function codeOf(token: string, options: Partial<VerifierOptions> = {}): string | undefined {
  const verify = createVerifier({ keys, now, ...options })
  const result = verify.result(token)
  if (result.ok) return undefined
  expect(() => verify(token)).toThrow(expect.objectContaining({ name: 'TokenError', code: result.code }))
  return result.code
}

describe('createVerifier', () => {
  it('answers header, payload and kid, as a value too', () => {
    const verify = createVerifier({ keys, now })
    const token = forge(header, claims)
    expect(verify(token)).toEqual({ header, payload: claims, kid: 'a' })
    expect(verify.result(token)).toEqual({ ok: true, header, payload: claims, kid: 'a' })
  })

  it('reports the first of several faults: size, segments, header, key, algorithm, signature, payload, claims', () => {
    const wrong = (token: string): string => token.replace(/\.[^.]*$/, `.${'A'.repeat(43)}`)
    const options = { maxTokenBytes: 300, issuer: 'i', audience: 'x' }
    const faults: [string, string][] = [
      ['ERR_TOKEN_TOO_LARGE', '.'.repeat(301)],
      ['ERR_TOKEN_MALFORMED', wrong(forge({ crit: [] }, '')) + '.'],
      ['ERR_TOKEN_HEADER', wrong(forge({ ...header, kid: 'b', crit: [] }, ''))],
      ['ERR_KEY_NOT_FOUND', wrong(forge({ alg: 'HS384', kid: 'b' }, ''))],
      ['ERR_TOKEN_ALGORITHM', wrong(forge({ alg: 'HS384', kid: 'a' }, ''))],
      ['ERR_TOKEN_SIGNATURE', wrong(forge(header, ''))],
      ['ERR_TOKEN_PAYLOAD', forge(header, '{"exp":"x"')],
      ['ERR_TOKEN_CLAIM', forge(header, { exp: 'x', iss: 'other' })],
      ['ERR_TOKEN_ISSUER', forge(header, { exp: 1, iss: 'other' })],
      ['ERR_TOKEN_AUDIENCE', forge(header, { exp: 1, iss: 'i' })],
      ['ERR_TOKEN_EXPIRED', forge(header, { ...claims, exp: 1, nbf: 9e9, iat: 9e9 })],
      ['ERR_TOKEN_NOT_YET_VALID', forge(header, { ...claims, nbf: 9e9, iat: 9e9 })],
      ['ERR_TOKEN_ISSUED_IN_FUTURE', forge(header, { ...claims, iat: 9e9 })],
    ]
    for (const [code, token] of faults) expect(codeOf(token, options)).toBe(code)
  })

  it('applies every limit it is given', () => {
    const token = forge(header, claims)
    expect(codeOf(token)).toBeUndefined()
    expect(codeOf(token, { issuer: 'j' })).toBe('ERR_TOKEN_ISSUER')
    expect(codeOf(token, { audience: ['y', 'z'] })).toBe('ERR_TOKEN_AUDIENCE')
    expect(codeOf(token, { subject: 't' })).toBe('ERR_TOKEN_SUBJECT')
    expect(codeOf(token, { maxLifetimeSeconds: 59 })).toBe('ERR_TOKEN_LIFETIME')
    expect(codeOf(token, { maxAgeSeconds: 5, now: () => 1_000_006 })).toBe('ERR_TOKEN_AGE')
    expect(codeOf(token, { maxTokenBytes: 10 })).toBe('ERR_TOKEN_TOO_LARGE')
    expect(codeOf(token, { now: () => 1_000_061 })).toBe('ERR_TOKEN_EXPIRED')
    expect(codeOf(token, { now: () => 1_000_061, clockToleranceSeconds: 5 })).toBeUndefined()
    expect(codeOf(token, { now: () => NaN })).toBe('ERR_TOKEN_EXPIRED')
    expect(codeOf(forge(header, {}))).toBe('ERR_TOKEN_CLAIM')
    expect(codeOf(forge(header, {}), { requireExp: false })).toBeUndefined()
    expect(codeOf(forge({ alg: 'HS256' }, claims))).toBeUndefined()
    expect(codeOf(forge({ alg: 'HS256' }, claims), { requireKid: true })).toBe('ERR_TOKEN_KID_REQUIRED')
  })

  it('goes on to the next key only for a bad signature', () => {
    const other = { kid: 'b', alg: 'HS256', secret: randomBytes(32) }
    const plain = { alg: 'HS256' }
    expect(codeOf(forge(plain, claims), { keys: [other, ...keys] })).toBeUndefined()
    expect(codeOf(forge(plain, { exp: 1 }), { keys: [...keys, other] })).toBe('ERR_TOKEN_EXPIRED')
    expect(codeOf(forge(plain, 'x'), { keys: [...keys, other] })).toBe('ERR_TOKEN_PAYLOAD')
    expect(codeOf(forge({ alg: 'HS256', kid: 'b' }, claims), { keys: [...keys, other] })).toBe(
      'ERR_TOKEN_SIGNATURE',
    )
  })

  it('never throws from result, whatever it is given', () => {
    const { result } = createVerifier({ keys, now })
    for (const value of [undefined, null, 0, NaN, {}, [], Symbol('x'), () => '', '', '..', '\ud800.\0.'])
      expect(result(value as string)).toMatchObject({ ok: false })
  })

  it('shows nothing of the token in its errors', () => {
    const verify = createVerifier({ keys, now })
    const good = createSigner({ key: keys[0]!, now, expiresIn: 60 })({ sub: 'topsecret' })
    const bad = [
      good.slice(0, -4) + 'AAAA',
      good + 'x',
      forge(header, '{"topsecret":'),
      forge('topsecret', {}),
    ]
    for (const token of bad) {
      try {
        verify(token)
        expect.unreachable()
      } catch (error) {
        const { message, stack = '', cause } = error as TokenError
        expect(cause).toBeUndefined()
        expect(message).not.toContain('topsecret')
        for (const part of token.split('.').filter(text => text.length > 8))
          expect(message + stack).not.toContain(part)
      }
    }
  })

  it('makes no error for a result, and one for a throw', () => {
    let made = 0
    class CountedError extends Error {
      constructor(message?: string, options?: ErrorOptions) {
        super(message, options)
        made += 1
      }
    }
    const verify = createVerifier({ keys, now, issuer: 'i' })
    const tokens = ['', 'a.b', forge({ alg: 'none' }, claims), forge({ ...header, kid: 'b' }, claims)]
    tokens.push(forge(header, '{'), forge(header, { exp: 1 }), `${forge(header, claims).slice(0, -4)}AAAA`)
    Object.setPrototypeOf(KeyturnError, CountedError)
    try {
      for (const token of tokens) expect(verify.result(token).ok).toBe(false)
      expect(made).toBe(0)
      for (const token of tokens) expect(() => verify(token)).toThrow(TokenError)
      expect(made).toBe(tokens.length)
    } finally {
      Object.setPrototypeOf(KeyturnError, Error)
    }
  })

  it('follows a key set that changes, and passes its refusals on', () => {
    let fixed: KeySet = createKeySet(keys)
    const live: KeySet = { find: (kid, at) => fixed.find(kid, at), candidates: at => fixed.candidates(at) }
    const verify = createVerifier({ keys: live, now })
    const token = forge(header, claims)
    expect(verify.result(token)).toMatchObject({ ok: true })
    fixed = createKeySet([{ kid: 'b', alg: 'HS256', secret: randomBytes(32) }])
    expect(verify.result(token)).toEqual({ ok: false, code: 'ERR_KEY_NOT_FOUND' })
    fixed = {
      candidates: () => [],
      find: () => {
        throw new TokenError('ERR_KEY_RETIRED')
      },
    }
    expect(verify.result(token)).toEqual({ ok: false, code: 'ERR_KEY_RETIRED' })
  })

  it.each<[string, object]>([
    ['an empty issuer', { issuer: '' }],
    ['an issuer that is a pattern', { issuer: /i/ }],
    ['an issuer that is null', { issuer: null }],
    ['an empty audience', { audience: '' }],
    ['no audiences', { audience: [] }],
    ['an audience that is not a text', { audience: ['x', 1] }],
    ['an empty subject', { subject: '' }],
    ['a tolerance that is NaN', { clockToleranceSeconds: NaN }],
    ['an endless tolerance', { clockToleranceSeconds: Infinity }],
    ['a negative tolerance', { clockToleranceSeconds: -1 }],
    ['a tolerance in text', { clockToleranceSeconds: '5' }],
    ['an age that is NaN', { maxAgeSeconds: NaN }],
    ['a lifetime that is null', { maxLifetimeSeconds: null }],
    ['a size that is not a number', { maxTokenBytes: '8192' }],
    ['no keys', { keys: [] }],
    ['keys that are missing', { keys: undefined }],
  ])('refuses %s when made', (_, options) => {
    expect(() => createVerifier({ keys, ...options })).toThrow(
      expect.objectContaining({ name: 'ConfigError', code: 'ERR_CONFIG_INVALID' }),
    )
  })
})
