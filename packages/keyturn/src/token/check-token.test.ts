/** checkSignature: the JWS layer, its order, and the key that signed; compactVerify and CompactSigner with it. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { accepted } from '../../test/accepted.ts'
import { encodeBase64url } from './base64url.ts'
import { checkSignature, type SignedToken } from './check-token.ts'
import { CompactSigner } from './compact-signer.ts'
import { compactVerify } from './compact.ts'
import { HmacKey } from './hmac.ts'
import { createKeySet, type KeySet, type NamedKey } from './key-set.ts'
import { Refusal } from './refusal.ts'

const withCode = (code: string): unknown => expect.objectContaining({ name: 'TokenError', code })
const bytes = randomBytes(64)
const keys = createKeySet([
  { kid: 'one', alg: 'HS256', secret: bytes },
  { kid: 'two', alg: 'HS256', secret: randomBytes(32) },
  { kid: 'three', alg: 'HS384', secret: randomBytes(48) },
])
const keyOf = (kid: string): HmacKey => (keys.find(kid, 0) as NamedKey).key
const signedBy = (kid: string, name: string | undefined): string =>
  new CompactSigner({ kid: name, key: keyOf(kid) }).sign('{}')
const token = signedBy('one', 'one')
const [header = '', payload = '', signature = ''] = token.split('.')

const check = (text: string, options = {}, set: KeySet = keys): SignedToken =>
  accepted(checkSignature(text, set, { maxTokenBytes: 8192, requireKid: false, ...options }, 0))

describe('the form of a token', () => {
  it('is taken apart', () => {
    expect(check(token)).toEqual({
      header: { alg: 'HS256', typ: 'JWT', kid: 'one' },
      kid: 'one',
      signer: keys.find('one', 0),
      payload,
    })
  })

  it('is refused when it is too long before anybody looks at it', () => {
    expect(() => check('x'.repeat(8193))).toThrow(withCode('ERR_TOKEN_TOO_LARGE'))
    expect(() => check('x'.repeat(8192))).toThrow(withCode('ERR_TOKEN_MALFORMED'))
    expect(() => check(token, { maxTokenBytes: token.length - 1 })).toThrow(withCode('ERR_TOKEN_TOO_LARGE'))
    expect(check(token, { maxTokenBytes: token.length }).payload).toBe(payload)
  })

  it.each([
    ['nothing', ''],
    ['one dot', '.'],
    ['one segment', header],
    ['two segments', `${header}.${payload}`],
    ['a dot more at the end', `${token}.`],
    ['a dot more at the start', `.${token}`],
    ['four segments', `${token}.x`],
    ['the five segments of a JWE', `${token}.x.y`],
    ['thousands of dots', '.'.repeat(8000)],
    ['the JSON serialisation', '{"payload":"e30","signatures":[]}'],
    ['a letter whose low byte is that of a letter of the token', token.replace('e', '\u0165')],
  ])('is refused: %s', (_, text) => {
    expect(() => check(text)).toThrow(withCode('ERR_TOKEN_MALFORMED'))
  })

  it('is refused when it is not a string', () => {
    for (const value of [undefined, null, 1, {}, [token], Buffer.from(token), Object(token)])
      expect(() => check(value as string)).toThrow(withCode('ERR_TOKEN_MALFORMED'))
  })

  it('is looked at from the header to the signature', () => {
    expect(() => check(`..`)).toThrow(withCode('ERR_TOKEN_HEADER'))
    expect(() => check(` ${token}`)).toThrow(withCode('ERR_TOKEN_HEADER'))
    expect(() => check(`Bearer ${token}`)).toThrow(withCode('ERR_TOKEN_HEADER'))
    for (const end of ['\n', ' ', '=', '==', '?'])
      expect(() => check(token + end)).toThrow(withCode('ERR_TOKEN_MALFORMED'))
  })

  it('may be longer than usual', () => {
    const long = `${header}.${encodeBase64url('x'.repeat(100_000))}`
    const jws = `${long}.${keyOf('one').macOf(Buffer.from(long))}`
    expect(check(jws, { maxTokenBytes: 200_000 }).signer.kid).toBe('one')
    expect(() => check(`${jws.slice(0, -3)}AAA`, { maxTokenBytes: 200_000 })).toThrow(
      withCode('ERR_TOKEN_SIGNATURE'),
    )
    expect(check(token).signer.kid).toBe('one')
  })
})

describe('the key that signed', () => {
  it('is the key of the kid and no other', () => {
    expect(check(token).signer.kid).toBe('one')
    expect(() => check(signedBy('two', 'one'))).toThrow(withCode('ERR_TOKEN_SIGNATURE'))
    expect(() => check(signedBy('one', 'four'))).toThrow(withCode('ERR_KEY_NOT_FOUND'))
    expect(() => check(signedBy('one', ''))).toThrow(withCode('ERR_KEY_NOT_FOUND'))
    expect(() => check(signedBy('three', 'one'))).toThrow(withCode('ERR_TOKEN_ALGORITHM'))
  })

  it('is searched among the keys of the algorithm for a token without kid', () => {
    for (const kid of ['one', 'two', 'three']) expect(check(signedBy(kid, undefined)).signer.kid).toBe(kid)
    const unnamed = (alg: 'HS256' | 'HS512'): string =>
      new CompactSigner({ kid: undefined, key: new HmacKey(alg, randomBytes(64)) }).sign('{}')
    expect(() => check(unnamed('HS256'))).toThrow(withCode('ERR_TOKEN_SIGNATURE'))
    expect(() => check(unnamed('HS512'))).toThrow(withCode('ERR_TOKEN_ALGORITHM'))
  })

  it('is not searched when a kid is required', () => {
    expect(() => check(signedBy('one', undefined), { requireKid: true })).toThrow(
      withCode('ERR_TOKEN_KID_REQUIRED'),
    )
  })

  it('is none for a signature that is wrong, short or empty', () => {
    for (const mac of ['', 'AA', signature.slice(0, 40), encodeBase64url(new Uint8Array(32))])
      expect(() => check(`${header}.${payload}.${mac}`)).toThrow(withCode('ERR_TOKEN_SIGNATURE'))
  })

  it('may be looked up by code that verifies tokens itself', () => {
    const other = signedBy('two', 'two')
    const busy: KeySet = {
      find: (kid, now) => {
        check(other)
        return keys.find(kid, now)
      },
      candidates: now => {
        check(other)
        return keys.candidates(now)
      },
    }
    for (const name of ['one', undefined]) {
      expect(check(signedBy('one', name), {}, busy).signer.kid).toBe('one')
      expect(() => check(signedBy('one', name).replace(/.{4}$/, 'AAAA'), {}, busy)).toThrow(
        withCode('ERR_TOKEN_SIGNATURE'),
      )
    }
  })

  it('may be refused by the key set, which says why', () => {
    const dead: KeySet = {
      find: () => new Refusal('ERR_KEY_COMPROMISED', { kid: 'one' }),
      candidates: () => new Refusal('ERR_RING_STALE', { retryAfter: 2 }),
    }
    expect(() => check(token, {}, dead)).toThrow(withCode('ERR_KEY_COMPROMISED'))
    expect(() => check(signedBy('one', undefined), {}, dead)).toThrow(
      expect.objectContaining({ code: 'ERR_RING_STALE', status: 503, retryAfter: 2 }),
    )
  })
})

describe('a header that was seen before', () => {
  it('is shared, and cannot be changed', () => {
    const { header: first } = check(token)
    expect(check(signedBy('one', 'one')).header).toBe(first)
    expect(Object.isFrozen(first)).toBe(true)
  })

  it('is not taken for another one that differs in a single character', () => {
    check(token)
    for (let at = 0; at < header.length; at++)
      for (const other of ['A', 'Q', '_']) {
        const changed = header.slice(0, at) + other + header.slice(at + 1)
        if (changed !== header) expect(() => check(`${changed}.${payload}.${signature}`)).toThrow()
      }
  })

  it('is forgotten after a thousand others, without harm', () => {
    const key = keyOf('one')
    const set: KeySet = { find: kid => ({ kid, key }), candidates: () => [] }
    for (let index = 0; index < 3000; index++) {
      const kid = `kid-${index}`
      expect(check(new CompactSigner({ kid, key }).sign('{}'), {}, set).header.kid).toBe(kid)
    }
  })
})

describe('compactVerify', () => {
  const key = keyOf('one')
  const given = [{ kid: 'one', alg: 'HS256', secret: bytes }]
  const sign = (input: string): string => `${input}.${key.macOf(Buffer.from(input))}`

  it('gives the bytes of any payload', () => {
    const verified = compactVerify(sign(`${header}.${encodeBase64url('not JSON')}`), given)
    expect(Buffer.from(verified.payload).toString()).toBe('not JSON')
    expect(verified).toMatchObject({ kid: 'one', header: { alg: 'HS256' } })
  })

  it('refuses a signed payload that is not base64url', () => {
    expect(() => compactVerify(sign(`${header}.e31`), given)).toThrow(withCode('ERR_TOKEN_PAYLOAD'))
  })

  it('gives an error without a stack', () => {
    const { stackTraceLimit } = Error
    expect(() => compactVerify('.', given)).toThrow(
      expect.objectContaining({ stack: 'TokenError: a token has three segments' }),
    )
    expect(Error.stackTraceLimit).toBe(stackTraceLimit)
  })
})

describe('CompactSigner', () => {
  it('refuses to make a token that a verifier would refuse for its length', () => {
    const signer = new CompactSigner({ kid: 'one', key: keyOf('one') })
    const tooLong = expect.objectContaining({ name: 'KeyturnError', code: 'ERR_SIGN_CLAIM' })
    expect(() => signer.sign('x'.repeat(6100))).toThrow(tooLong)
    expect(check(signer.sign('x'.repeat(6000))).header.kid).toBe('one')
  })
})
