/** Compact JWS: taking apart, finding the signer, signing. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from './base64url.ts'
import { compactVerify, decodeCompact, findSigner, signCompact, verifySignature } from './compact.ts'
import { HmacKey } from './hmac.ts'
import { createKeySet } from './key-set.ts'

const withCode = (code: string): unknown => expect.objectContaining({ name: 'TokenError', code })
const bytes = randomBytes(64)
const key = new HmacKey('HS256', bytes)
const token = signCompact({ sub: 'a' }, key, 'one')
const [header = '', payload = '', signature = ''] = token.split('.')

describe('decodeCompact', () => {
  it('takes a token apart', () => {
    expect(decodeCompact(token)).toEqual({
      signature: Uint8Array.from(key.mac(`${header}.${payload}`)),
      header: { alg: 'HS256', typ: 'JWT', kid: 'one' },
      signingInput: `${header}.${payload}`,
      payload,
    })
  })

  it('refuses a token that is too long before it looks at it', () => {
    expect(() => decodeCompact('x'.repeat(8193))).toThrow(withCode('ERR_TOKEN_TOO_LARGE'))
    expect(() => decodeCompact('x'.repeat(8192))).toThrow(withCode('ERR_TOKEN_MALFORMED'))
    expect(() => decodeCompact(token, token.length - 1)).toThrow(withCode('ERR_TOKEN_TOO_LARGE'))
    expect(decodeCompact(token, token.length).payload).toBe(payload)
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
  ])('refuses %s', (_, text) => {
    expect(() => decodeCompact(text)).toThrow(withCode('ERR_TOKEN_MALFORMED'))
  })

  it('refuses what is not a string', () => {
    for (const value of [undefined, null, 1, {}, [token], Buffer.from(token), Object(token)])
      expect(() => decodeCompact(value as string)).toThrow(withCode('ERR_TOKEN_MALFORMED'))
  })

  it('looks at the header before the signature', () => {
    expect(() => decodeCompact(`..`)).toThrow(withCode('ERR_TOKEN_HEADER'))
    expect(() => decodeCompact(` ${token}`)).toThrow(withCode('ERR_TOKEN_HEADER'))
    expect(() => decodeCompact(`Bearer ${token}`)).toThrow(withCode('ERR_TOKEN_HEADER'))
    for (const end of ['\n', ' ', '=', '==', '?'])
      expect(() => decodeCompact(token + end)).toThrow(withCode('ERR_TOKEN_MALFORMED'))
  })
})

describe('findSigner', () => {
  const keys = createKeySet([
    { kid: 'one', alg: 'HS256', secret: bytes },
    { kid: 'two', alg: 'HS256', secret: randomBytes(32) },
    { kid: 'three', alg: 'HS384', secret: randomBytes(48) },
  ])
  const signedBy = (kid: string, name: string | undefined): string => {
    const signer = keys.find(kid)!.key
    return signCompact({}, signer, name)
  }

  it('takes the key of the kid and no other', () => {
    expect(findSigner(decodeCompact(token), keys).kid).toBe('one')
    expect(() => findSigner(decodeCompact(signedBy('two', 'one')), keys)).toThrow(
      withCode('ERR_TOKEN_SIGNATURE'),
    )
    expect(() => findSigner(decodeCompact(signedBy('one', 'four')), keys)).toThrow(
      withCode('ERR_KEY_NOT_FOUND'),
    )
    expect(() => findSigner(decodeCompact(signedBy('one', '')), keys)).toThrow(withCode('ERR_KEY_NOT_FOUND'))
    expect(() => findSigner(decodeCompact(signedBy('three', 'one')), keys)).toThrow(
      withCode('ERR_TOKEN_ALGORITHM'),
    )
  })

  it('tries the keys of its algorithm for a token without kid', () => {
    for (const kid of ['one', 'two', 'three'])
      expect(findSigner(decodeCompact(signedBy(kid, undefined)), keys).kid).toBe(kid)
    const foreign = signCompact({}, new HmacKey('HS256', randomBytes(32)), undefined)
    expect(() => findSigner(decodeCompact(foreign), keys)).toThrow(withCode('ERR_TOKEN_SIGNATURE'))
    const other = signCompact({}, new HmacKey('HS512', randomBytes(64)), undefined)
    expect(() => findSigner(decodeCompact(other), keys)).toThrow(withCode('ERR_TOKEN_ALGORITHM'))
  })

  it('refuses a token without kid when one is required', () => {
    expect(() => findSigner(decodeCompact(signedBy('one', undefined)), keys, true)).toThrow(
      withCode('ERR_TOKEN_KID_REQUIRED'),
    )
  })
})

describe('verifySignature', () => {
  it('is false for a signature that is wrong, short or empty', () => {
    expect(verifySignature(decodeCompact(token), key)).toBe(true)
    for (const mac of ['', 'AA', signature.slice(0, 40), encodeBase64url(new Uint8Array(32))])
      expect(verifySignature(decodeCompact(`${header}.${payload}.${mac}`), key)).toBe(false)
  })

  it('refuses to use a key for another algorithm', () => {
    expect(() => verifySignature(decodeCompact(token), new HmacKey('HS512', bytes))).toThrow(
      withCode('ERR_TOKEN_ALGORITHM'),
    )
  })
})

describe('compactVerify', () => {
  it('gives the bytes of any payload', () => {
    const input = `${header}.${encodeBase64url('not JSON')}`
    const jws = `${input}.${encodeBase64url(key.mac(input))}`
    const verified = compactVerify(jws, [{ kid: 'one', alg: 'HS256', secret: bytes }])
    expect(Buffer.from(verified.payload).toString()).toBe('not JSON')
    expect(verified).toMatchObject({ kid: 'one', header: { alg: 'HS256' } })
  })

  it('refuses a signed payload that is not base64url', () => {
    const input = `${header}.e31`
    const jws = `${input}.${encodeBase64url(key.mac(input))}`
    expect(() => compactVerify(jws, [{ kid: 'one', alg: 'HS256', secret: bytes }])).toThrow(
      withCode('ERR_TOKEN_PAYLOAD'),
    )
  })
})

describe('signCompact', () => {
  it('refuses to make a token that a verifier would refuse for its length', () => {
    const tooLong = expect.objectContaining({ name: 'KeyturnError', code: 'ERR_SIGN_CLAIM' })
    expect(() => signCompact({ data: 'x'.repeat(6100) }, key, 'one')).toThrow(tooLong)
    expect(decodeCompact(signCompact({ data: 'x'.repeat(6000) }, key, 'one')).header.kid).toBe('one')
  })
})
